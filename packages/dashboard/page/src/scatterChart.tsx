import type uPlot from 'uplot';
import type { Theme } from '../../src/model/index.ts';
import { count, figure, span } from '../../src/report/format.ts';
import type { Shown } from './app.tsx';
import { axis, Plot } from './plot.tsx';

const height = 240;
/** More points are a blot. */
const most = 1_500;

/** Latency against the power at its time. */
export function ScatterChart({ data, options, nowMs, theme }: Shown) {
  const { powerWatts, latencyMs, of, oldestPowerMs } = data.dashboard.scatter(options, nowMs, most);
  const n = powerWatts.length;
  return (
    <>
      <header class="chart-head">
        <h2>Latency against power</h2>
        <p class="legend">
          {n === 0
            ? 'No frame or run has a power within a second.'
            : `${count(n)} of ${count(of)}, power at most ${span(oldestPowerMs)} away`}
        </p>
      </header>
      <Plot
        {...{ height, theme }}
        shape=""
        label={`${count(n)} points of latency in ms over power in W`}
        options={plotOptions}
        data={() => {
          const order = powerWatts.map((_, at) => at).sort((a, b) => (powerWatts[a] ?? 0) - (powerWatts[b] ?? 0));
          return [order.map((at) => powerWatts[at] ?? 0), order.map((at) => latencyMs[at])];
        }}
      />
    </>
  );
}

function plotOptions(theme: Theme): Omit<uPlot.Options, 'width' | 'height'> {
  const padded: uPlot.Range.Function = (_, least, greatest) => {
    if (least == null) return [0, 1];
    const room = (greatest - least || greatest * 0.2 || 1) * 0.08;
    return [Math.max(0, least - room), greatest + room];
  };
  return {
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: padded }, y: { range: padded } },
    axes: [
      axis(theme, { stroke: theme.power, values: (_, values) => values.map((value) => `${figure(value)} W`) }),
      axis(theme, {
        stroke: theme.latency,
        size: 60,
        values: (_, values) => values.map((value) => `${figure(value)} ms`),
      }),
    ],
    series: [
      {},
      {
        stroke: theme.latency,
        paths: () => null,
        points: { show: true, size: 4, width: 0, fill: `${theme.latency}b0`, stroke: theme.latency },
      },
    ],
  };
}
