import { colorManipulator, formattedValueToString, type GrafanaTheme2, getValueFormat } from '@grafana/data';
import * as schemes from 'd3-scale-chromatic';
import type { ReactElement } from 'react';
import { nameAxis, timeAxis } from './axis.ts';
import { Chart } from './chart.tsx';
import { type KindProps, option } from './kind.ts';
import { numbersOf, type Series, seriesOf } from './series.ts';

/** The names of Grafana's "Scheme" with the colour at each share, 0 to 1. */
const colorOf = (scheme: string): ((share: number) => string) =>
  (schemes as unknown as Record<string, (share: number) => string>)[`interpolate${scheme}`] ??
  schemes.interpolateOranges;

const scaleWidth = 160;

/** As the panel chose: the shades of a scheme, or one colour that is more or less opaque. */
function cellColor(panel: KindProps['panel'], theme: GrafanaTheme2, most: number): (value: number) => string {
  const share = (value: number) => (most > 0 ? value / most : 0);
  if (option<string>(panel, 'color.mode', 'scheme') === 'opacity') {
    const fill = theme.visualization.getColorByName(option(panel, 'color.fill', 'dark-orange'));
    const exponent =
      option<string>(panel, 'color.scale', 'exponential') === 'linear' ? 1 : option(panel, 'color.exponent', 0.5);
    return (value) => colorManipulator.alpha(fill, share(value) ** exponent);
  }
  const scheme = colorOf(option(panel, 'color.scheme', 'Oranges'));
  // Schemes run from light to dark: on a dark page, the fullest cell is the brightest.
  const flips = theme.isDark !== option<boolean>(panel, 'color.reverse', false);
  return (value) => scheme(flips ? 1 - share(value) : share(value));
}

/** Each series is a bucket; the colour of a cell is how many values fell into it in that step. */
export function HeatmapKind({ panel, frames, range, theme, width, height }: KindProps): ReactElement {
  const rows = seriesOf(frames, theme);
  const most = Math.max(0, ...rows.flatMap(numbersOf));
  const color = cellColor(panel, theme, most);
  const unit = option<string>(panel, 'yAxis.unit', rows[0]?.field.config.unit ?? '');
  const below = 28;
  return (
    <div>
      <Chart
        theme={theme}
        width={width}
        height={height - below}
        x={timeAxis(range, width)}
        y={bucketAxis(rows, unit, height)}
      >
        {(plot) =>
          rows.flatMap(({ field, time, name }, row) => {
            const step = time?.config.interval ?? 0;
            const tall = plot.height / rows.length;
            return field.values.map((value: number | null, index) => {
              const from = Number(time?.values[index]);
              // The value of a step is what happened before it.
              const left = Math.max(0, plot.x(from - step));
              if (!value || plot.x(from) <= 0) return null;
              return (
                <rect
                  shapeRendering="crispEdges"
                  key={`${name}-${from}`}
                  x={left}
                  y={plot.y(row) - tall / 2}
                  width={Math.max(
                    1,
                    Math.min(plot.width, plot.x(from)) - left - gapOf(plot.x(from) - plot.x(from - step)),
                  )}
                  height={Math.max(1, tall - 1)}
                  fill={color(value)}
                />
              );
            });
          })
        }
      </Chart>
      <Scale color={color} most={most} row={rows[0]} theme={theme} />
    </div>
  );
}

/** Narrow cells have no gap: it would look like stripes. */
function gapOf(width: number): number {
  return width > 6 ? 1 : 0;
}

function Scale({
  color,
  most,
  row,
  theme,
}: {
  color: (value: number) => string;
  most: number;
  row: Series | undefined;
  theme: GrafanaTheme2;
}): ReactElement {
  const stops = Array.from({ length: 11 }, (_, index) => index / 10);
  // The unit of the panel is that of the buckets: cells are counts.
  const text = { fill: theme.colors.text.primary, fontSize: 12 };
  return (
    <svg width={scaleWidth + 120} height={24} role="img" aria-label="scale of colours">
      <defs>
        <linearGradient id={`scale-${row?.name}`}>
          {stops.map((share) => (
            <stop key={share} offset={share} stopColor={color(share * most)} />
          ))}
        </linearGradient>
      </defs>
      <text x={4} y={15} {...text}>
        0
      </text>
      <rect x={18} y={6} width={scaleWidth} height={10} fill={`url(#scale-${row?.name})`} />
      <text x={scaleWidth + 24} y={15} {...text}>
        {Number(most.toPrecision(3))}
      </text>
    </svg>
  );
}

/** The upper bounds of the buckets; where they are many, not each has its text. */
function bucketAxis(rows: readonly Series[], unit: string, height: number) {
  const every = Math.max(1, Math.ceil((rows.length * 18) / Math.max(1, height - 60)));
  const format = getValueFormat(unit);
  const names = rows.map(({ name }) =>
    Number.isFinite(Number.parseFloat(name)) ? formattedValueToString(format(Number(name))) : name,
  );
  const axis = nameAxis(names, 14);
  return { ...axis, marks: axis.marks.filter((_, index) => index % every === 0) };
}
