import {
  type DataFrame,
  type Field,
  FieldType,
  fieldMatchers,
  getFieldDisplayName,
  getFieldSeriesColor,
} from '@grafana/data';
import type { ReactElement } from 'react';
import { numberAxis } from './axis.ts';
import { Chart } from './chart.tsx';
import { type KindProps, option } from './kind.ts';
import { WithLegend } from './withLegend.tsx';

interface Cloud {
  readonly name: string;
  readonly color: string;
  readonly x: Field;
  readonly y: Field;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

interface Matcher {
  readonly matcher: { readonly id: string; readonly options?: unknown };
}

/** Points of two fields of one frame. */
export function XyChartKind(props: KindProps): ReactElement {
  const { panel, theme, width, height, frames } = props;
  const clouds = cloudsOf(props);
  const points = clouds.flatMap((cloud) => cloud.points);
  const [first] = clouds;
  const bounds = (key: 'x' | 'y') => {
    const values = points.map((point) => point[key]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const space = (high - low) * 0.05;
    return [low - space, high + space] as const;
  };
  const items = clouds.map(({ name, color }) => ({ label: name, color, yAxis: 1 }));
  const named = (field: Field | undefined) =>
    field && (field.config.custom?.axisLabel || getFieldDisplayName(field, undefined, frames));
  return (
    <WithLegend panel={panel} width={width} height={height} items={items}>
      {(width, height) => (
        <Chart
          theme={theme}
          width={width}
          height={height}
          x={numberAxis(first?.x, ...bounds('x'), width, theme)}
          y={numberAxis(first?.y, ...bounds('y'), height, theme)}
          xLabel={named(first?.x) ?? ''}
          yLabel={named(first?.y) ?? ''}
        >
          {(plot) =>
            clouds.flatMap(({ name, color, points }) =>
              points.map(({ x, y }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: points have no other name, and are drawn once
                <circle key={`${name}-${index}`} cx={plot.x(x)} cy={plot.y(y)} r={2.5} fill={color} fillOpacity={0.6} />
              )),
            )
          }
        </Chart>
      )}
    </WithLegend>
  );
}

/** As the panel maps them; else the first field of numbers is x, and each other one is y. */
function cloudsOf({ panel, frames, theme }: KindProps): Cloud[] {
  const mapped = option<readonly { readonly x?: Matcher; readonly y?: Matcher; readonly frame?: Matcher }[]>(
    panel,
    'series',
    [],
  );
  return frames.flatMap((frame) => {
    const numbers = frame.fields.filter(({ type }) => type === FieldType.number);
    const pairs: (readonly [Field | undefined, Field | undefined])[] =
      option<string>(panel, 'mapping', 'auto') === 'manual' && mapped.some(({ x, y }) => x && y)
        ? mapped.map(({ x, y }) => [matched(x, frame, frames), matched(y, frame, frames)] as const)
        : numbers.slice(1).map((y) => [numbers[0], y] as const);
    return pairs.flatMap(([x, y]) => (x && y ? [cloud(x, y, frame, frames, getFieldSeriesColor(y, theme).color)] : []));
  });
}

function matched(by: Matcher | undefined, frame: DataFrame, frames: DataFrame[]): Field | undefined {
  if (by === undefined) return undefined;
  const matches = fieldMatchers.getIfExists(by.matcher.id)?.get(by.matcher.options);
  return frame.fields.find((field) => matches?.(field, frame, frames));
}

function cloud(x: Field, y: Field, frame: DataFrame, frames: DataFrame[], color: string): Cloud {
  const points = x.values.map((value: number | null, index) => ({
    x: Number(value ?? Number.NaN),
    y: Number(y.values[index] ?? Number.NaN),
  }));
  return {
    name: getFieldDisplayName(y, frame, frames),
    color,
    x,
    y,
    points: points.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y)),
  };
}
