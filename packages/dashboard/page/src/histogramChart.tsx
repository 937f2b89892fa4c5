import uPlot from 'uplot';
import { type Theme, thresholdsMs } from '../../src/model/index.ts';
import { count, figure } from '../../src/report/format.ts';
import type { Shown } from './app.tsx';
import { axis, Plot } from './plot.tsx';

const height = 240;
const most = 40;

/** How often which latency, with the limits of green and red for frames. */
export function HistogramChart({ data, options, view, nowMs, theme }: Shown) {
  const histogram = data.dashboard.histogram(options, nowMs, most);
  const isOfFrames = view.headline?.series.kind === 'pair';
  return (
    <>
      <header class="chart-head">
        <h2>Distribution of latency</h2>
        <p class="legend">
          {histogram === undefined
            ? 'No latency in this window.'
            : `n ${count(histogram.n)}, steps of ${figure(histogram.widthMs)} ms${histogram.above > 0 ? `, ${count(histogram.above)} further to the right` : ''}`}
        </p>
      </header>
      <Plot
        {...{ height, theme }}
        shape={`${isOfFrames}`}
        label={`How often each latency occurred, ${count(histogram?.n ?? 0)} in all`}
        options={(colours) => plotOptions(colours, isOfFrames)}
        data={() => {
          const { fromMs = 0, widthMs = 1, counts = [] } = histogram ?? {};
          return [counts.map((_, at) => fromMs + (at + 0.5) * widthMs), [...counts]];
        }}
      />
    </>
  );
}

function plotOptions(theme: Theme, isOfFrames: boolean): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: {
        time: false,
        range: (plot, least, greatest) => [Math.max(0, least - stepOf(plot)), greatest + stepOf(plot)],
      },
      y: { range: (_, __, greatest) => [0, (greatest || 1) * 1.08] },
    },
    axes: [
      axis(theme, { grid: { show: false }, values: (_, values) => values.map((value) => `${figure(value)} ms`) }),
      axis(theme, {
        size: 50,
        values: (_, values) => values.map((value) => (Number.isInteger(value) ? count(value) : '')),
      }),
    ],
    series: [
      {},
      {
        stroke: theme.latency,
        fill: `${theme.latency}66`,
        width: 1,
        points: { show: false },
        ...(uPlot.paths.bars === undefined ? {} : { paths: uPlot.paths.bars({ size: [0.9, 60] }) }),
      },
    ],
    hooks: isOfFrames ? { draw: [(plot) => drawLimits(plot, theme)] } : {},
  };
}

/** Half a step, so that the first bar is whole. */
function stepOf({ data: [x] }: uPlot): number {
  return ((x[1] ?? 1) - (x[0] ?? 0)) * 0.75 || 0.5;
}

/** Vertical lines with a word where green and yellow end. */
function drawLimits({ ctx, bbox, valToPos, scales }: uPlot, theme: Theme): void {
  const limits = [
    [thresholdsMs.good, theme.warn, 'slow'],
    [thresholdsMs.bad, theme.bad, 'bad'],
  ] as const;
  ctx.save();
  ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
  for (const [limit, colour, word] of limits) {
    if (limit < (scales.x?.min ?? 0) || limit > (scales.x?.max ?? 0)) continue;
    const x = valToPos(limit, 'x', true);
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillText(`${word} →`, x + 4 * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
  }
  ctx.restore();
}
