import type { ReactElement } from 'react';
import { histogram } from '../src/histogram.ts';
import { numberAxis } from './axis.ts';
import { Chart } from './chart.tsx';
import { type KindProps, option } from './kind.ts';
import { numbersOf, seriesOf } from './series.ts';
import { WithLegend } from './withLegend.tsx';

/** How many values of each series fell into each bucket. */
export function HistogramKind({ panel, frames, theme, width, height }: KindProps): ReactElement {
  const combine = option(panel, 'combine', false);
  const all = seriesOf(frames, theme);
  const [first] = all;
  const groups =
    combine && first
      ? [{ ...first, name: 'Combined', numbers: all.flatMap(numbersOf) }]
      : all.map((series) => ({ ...series, numbers: numbersOf(series) }));
  const buckets = histogram(
    groups.map(({ numbers }) => numbers),
    {
      count: option(panel, 'bucketCount', 30),
      size: option<number | undefined>(panel, 'bucketSize', undefined),
    },
  );
  const most = Math.max(1, ...buckets.flatMap(({ counts }) => counts));
  const [from, to] = [buckets[0]?.from ?? 0, buckets.at(-1)?.to ?? 1];
  const items = groups.map(({ name, color }) => ({ label: name, color, yAxis: 1 }));
  return (
    <WithLegend panel={panel} width={width} height={height} items={items}>
      {(width, height) => (
        <Chart
          theme={theme}
          width={width}
          height={height}
          x={numberAxis(first?.field, from, to, width, theme)}
          y={numberAxis(undefined, 0, most, height, theme)}
        >
          {(plot) =>
            buckets.flatMap(({ from, to, counts }) =>
              counts.map((count, index) => (
                <rect
                  key={`${from}-${groups[index]?.name}`}
                  x={plot.x(from) + 0.5}
                  width={Math.max(1, plot.x(to) - plot.x(from) - 1)}
                  y={plot.y(count)}
                  height={plot.height - plot.y(count)}
                  fill={groups[index]?.color ?? ''}
                  fillOpacity={groups.length > 1 ? 0.5 : 0.8}
                />
              )),
            )
          }
        </Chart>
      )}
    </WithLegend>
  );
}
