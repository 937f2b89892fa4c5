import { FieldType } from '@grafana/data';
import type { ReactElement } from 'react';
import { nameAxis, numberAxis, valueText } from './axis.ts';
import { Chart } from './chart.tsx';
import { type KindProps, option } from './kind.ts';
import { numbersOf, type Series, seriesOf } from './series.ts';
import { WithLegend } from './withLegend.tsx';

interface Bars {
  readonly names: readonly string[];
  readonly series: readonly (Series & { readonly values: readonly (number | null)[] })[];
}

const charWidth = 7;

/** A group of bars for each name, a bar for each series; on top of each other where the panel stacks. */
export function BarChartKind(props: KindProps): ReactElement {
  const { panel, theme, width, height } = props;
  const { names, series } = barsOf(props);
  const isStacked = option<string>(panel, 'stacking', 'none') !== 'none';
  const isSideways = option<string>(panel, 'orientation', 'auto') === 'horizontal';
  const sums = names.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const tops = isStacked ? sums : series.flatMap(numbersOf);
  const [low, high] = [Math.min(0, ...tops), Math.max(0, ...tops)];
  const items = series.map(({ name, color }) => ({ label: name, color, yAxis: 1 }));
  return (
    <WithLegend panel={panel} width={width} height={height} items={items}>
      {(width, height) => {
        const along = isSideways ? height : width;
        const longest = isSideways
          ? Math.floor(width / 3 / charWidth)
          : Math.floor(width / Math.max(1, names.length) / charWidth);
        const named = nameAxis(names, Math.max(3, longest));
        const valued = numberAxis(
          series[0]?.field,
          low,
          high === low ? low + 1 : high,
          isSideways ? width : height,
          theme,
        );
        return (
          <Chart
            theme={theme}
            width={width}
            height={height}
            x={isSideways ? valued : named}
            y={isSideways ? named : valued}
          >
            {(plot) => {
              const group = ((isSideways ? plot.height : plot.width) / Math.max(1, names.length)) * 0.8;
              const wide = isStacked ? group : group / Math.max(1, series.length);
              return names.flatMap((name, at) => {
                let base = 0;
                return series.map(({ values, color, name: of, field }, index) => {
                  const value = values[at];
                  if (value === null || value === undefined) return null;
                  const start = base;
                  if (isStacked) base += value;
                  const [from, to] = [start, start + value].sort((a, b) => a - b) as [number, number];
                  const side = (isSideways ? plot.y(at) : plot.x(at)) - group / 2 + (isStacked ? 0 : index * wide);
                  const box = isSideways
                    ? { x: plot.x(from), y: side, width: plot.x(to) - plot.x(from), height: wide - 1 }
                    : { x: side, y: plot.y(to), width: wide - 1, height: plot.y(from) - plot.y(to) };
                  const text = valueText(field, value, theme);
                  const hasRoom = !isStacked && along > 0 && (isSideways ? wide > 14 : wide > text.length * charWidth);
                  return (
                    <g key={`${name}-${of}`}>
                      <rect {...box} fill={color} fillOpacity={0.8} />
                      {hasRoom && (
                        <text
                          fontSize={12}
                          fill={theme.colors.text.primary}
                          {...(isSideways
                            ? { x: box.x + 6, y: side + wide / 2 + 4 }
                            : { x: side + wide / 2, y: Math.max(12, box.y + 14), textAnchor: 'middle' })}
                        >
                          {text}
                        </text>
                      )}
                    </g>
                  );
                });
              });
            }}
          </Chart>
        );
      }}
    </WithLegend>
  );
}

/** A table gives names and columns; series of one value each are their own names. */
function barsOf({ frames, theme }: KindProps): Bars {
  const [first] = frames;
  const labels = first?.fields.find(({ type }) => type === FieldType.string);
  const series = seriesOf(frames, theme);
  if (first && labels && frames.length === 1) {
    return { names: labels.values.map(String), series: series.map((each) => ({ ...each, values: each.field.values })) };
  }
  const names = series.map(({ name }) => name);
  return {
    names,
    series: series
      .map((each, index) => ({
        ...each,
        values: names.map((_, at) => (at === index ? (each.field.values.at(-1) ?? null) : null)),
      }))
      .slice(0, names.length),
  };
}
