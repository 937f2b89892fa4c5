import type { GrafanaTheme2 } from '@grafana/data';
import type { ReactElement, ReactNode } from 'react';

/** The scale of one axis: where a value stands, and the values that are marked. */
export interface Axis {
  readonly marks: readonly { readonly at: number; readonly text: string }[];
  /** The place of a value, 0 to 1 along the axis. */
  readonly share: (value: number) => number;
}

export interface Plot {
  /** Pixels from the left. */
  readonly x: (value: number) => number;
  /** Pixels from the top. */
  readonly y: (value: number) => number;
  readonly width: number;
  readonly height: number;
}

interface ChartProps {
  readonly theme: GrafanaTheme2;
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly children: (plot: Plot) => ReactNode;
}

const fontSize = 12;
const charWidth = 6.6;
const labelHeight = 18;

/** Axes and grid in the colours of Grafana's, for the kinds of panel that its packages lack. */
export function Chart({ theme, width, height, x, y, xLabel, yLabel, children }: ChartProps): ReactElement {
  const left = 10 + charWidth * Math.max(1, ...y.marks.map(({ text }) => text.length)) + (yLabel ? labelHeight : 0);
  const bottom = 22 + (xLabel ? labelHeight : 0);
  const inner = { width: Math.max(1, width - left - 14), height: Math.max(1, height - bottom - 8) };
  const plot: Plot = {
    ...inner,
    x: (value) => x.share(value) * inner.width,
    y: (value) => (1 - y.share(value)) * inner.height,
  };
  const grid = theme.isDark ? 'rgba(240, 250, 255, 0.09)' : 'rgba(0, 10, 23, 0.09)';
  const text = { fill: theme.colors.text.primary, fontSize, fontFamily: theme.typography.fontFamily };
  return (
    <svg width={width} height={height} role="img" aria-label="chart">
      <g transform={`translate(${left} 8)`}>
        {y.marks.map(({ at, text: label }) => (
          <g key={`y${at}`}>
            <line x1={0} x2={inner.width} y1={plot.y(at)} y2={plot.y(at)} stroke={grid} />
            <text x={-6} y={plot.y(at) + 4} textAnchor="end" {...text}>
              {label}
            </text>
          </g>
        ))}
        {x.marks.map(({ at, text: label }) => (
          <g key={`x${at}`}>
            <line x1={plot.x(at)} x2={plot.x(at)} y1={0} y2={inner.height} stroke={grid} />
            <text x={plot.x(at)} y={inner.height + 17} textAnchor="middle" {...text}>
              {label}
            </text>
          </g>
        ))}
        {xLabel && (
          <text x={inner.width / 2} y={inner.height + 34} textAnchor="middle" {...text}>
            {xLabel}
          </text>
        )}
        {yLabel && (
          <text
            transform={`translate(${8 - left} ${inner.height / 2}) rotate(-90)`}
            dy={6}
            textAnchor="middle"
            {...text}
          >
            {yLabel}
          </text>
        )}
        {children(plot)}
      </g>
    </svg>
  );
}
