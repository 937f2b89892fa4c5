import {
  cacheFieldDisplayNames,
  type DataFrame,
  type Field,
  type FieldConfig,
  FieldType,
  fieldMatchers,
  type GrafanaTheme2,
  getDisplayProcessor,
  type NumericRange,
} from '@grafana/data';
import { ThresholdsMode } from '@grafana/schema';
import { cloneDeep, merge, set } from 'lodash';
import type { FieldConfigModel } from '../src/model.ts';

/** The colours by which a kind of panel draws where its JSON names none: the defaults of Grafana's panel plugins. */
const colorModes: Readonly<Record<string, string>> = {
  timeseries: 'palette-classic',
  barchart: 'palette-classic',
  histogram: 'palette-classic',
  xychart: 'palette-classic',
  heatmap: 'palette-classic',
  'state-timeline': 'continuous-GrYlRd',
};

/**
 * Gives each field what the panel says of it: its defaults, then the overrides that match. Grafana does it by a registry of
 * options, which its server's pages fill and its packages do not have; so the values are set by their paths here.
 */
export function configured(
  frames: DataFrame[],
  type: string,
  config: FieldConfigModel,
  theme: GrafanaTheme2,
): DataFrame[] {
  let seriesIndex = 0;
  for (const frame of frames)
    for (const field of frame.fields) field.config = configOf(field, frame, frames, type, config);
  const range = rangeOf(frames);
  for (const frame of frames) {
    for (const field of frame.fields) {
      field.state = { ...field.state, seriesIndex, displayName: null, range: boundedBy(field.config, range) };
      if (field.type !== 'time') seriesIndex++;
      field.display = getDisplayProcessor({ field, theme, timeZone: 'utc' });
      field.getLinks = () => [];
    }
  }
  // The headers of tables are read from there alone.
  cacheFieldDisplayNames(frames);
  return frames;
}

/** Of all fields together, so that the bars of one panel can be compared. */
function rangeOf(frames: readonly DataFrame[]): NumericRange {
  const numbers = frames
    .flatMap(({ fields }) => fields.filter(({ type }) => type === FieldType.number).flatMap(({ values }) => values))
    .filter((value: unknown): value is number => typeof value === 'number' && Number.isFinite(value));
  const [min, max] = numbers.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const,
  );
  return numbers.length === 0 ? { min: null, max: null, delta: 0 } : { min, max, delta: max - min };
}

/** What the panel states goes before what the data have. */
function boundedBy({ min, max }: FieldConfig, range: NumericRange): NumericRange {
  const [least, most] = [min ?? range.min, max ?? range.max];
  return { min: least, max: most, delta: (most ?? 0) - (least ?? 0) };
}

function configOf(
  field: Field,
  frame: DataFrame,
  frames: DataFrame[],
  type: string,
  { defaults, overrides = [] }: FieldConfigModel,
): FieldConfig {
  const config: FieldConfig = merge(
    { color: { mode: colorModes[type] ?? 'thresholds' } },
    { thresholds: { mode: ThresholdsMode.Absolute, steps: [{ value: Number.NEGATIVE_INFINITY, color: 'green' }] } },
    // A time has no unit of the panel's.
    field.type === 'time' ? {} : cloneDeep(defaults),
    field.config,
  );
  for (const { matcher, properties } of overrides) {
    const matches = fieldMatchers.getIfExists(matcher.id)?.get(matcher.options);
    if (!matches?.(field, frame, frames)) continue;
    for (const { id, value } of properties) set(config, id, value);
  }
  // JSON has no infinity: the base step has null there.
  for (const step of config.thresholds?.steps ?? []) step.value ??= Number.NEGATIVE_INFINITY;
  return config;
}
