import {
  type DataFrame,
  type Field,
  FieldType,
  type GrafanaTheme2,
  getFieldDisplayName,
  getFieldSeriesColor,
} from '@grafana/data';

/** One field of numbers, with the times of its frame where it has them. */
export interface Series {
  readonly name: string;
  readonly field: Field;
  readonly time: Field | undefined;
  readonly color: string;
}

export function seriesOf(frames: readonly DataFrame[], theme: GrafanaTheme2): Series[] {
  return frames.flatMap((frame) =>
    frame.fields
      .filter(({ type }) => type === FieldType.number)
      .map((field) => ({
        name: getFieldDisplayName(field, frame, [...frames]),
        field,
        time: frame.fields.find(({ type }) => type === FieldType.time),
        color: getFieldSeriesColor(field, theme).color,
      })),
  );
}

export function numbersOf({ field }: Series): number[] {
  return field.values.filter((value: unknown): value is number => typeof value === 'number' && Number.isFinite(value));
}
