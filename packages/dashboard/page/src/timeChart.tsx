import type uPlot from 'uplot';
import type { Band, Theme } from '../../src/model/index.ts';
import { clockTime, count, dayOf, figure, withUnit } from '../../src/report/format.ts';
import type { Shown } from './app.tsx';
import { axis, Plot } from './plot.tsx';

const height = 300;
/** Points further apart than this are not joined, ms, or three pixels where a pixel is longer. */
const gapMs = 2_500;
/** Pixels of the axes. */
const axisWidth = 110;

/** Latency and power on the axis of time, each with its own scale. */
export function TimeChart({ data, options, view, nowMs, theme }: Shown) {
  const { headline, power } = view;
  const source = power === undefined ? '' : ` · ${power.source}`;
  return (
    <>
      <header class="chart-head">
        <h2>Latency and power</h2>
        <p class="legend">
          <span class="key latency">— latency, ms{headline === undefined ? '' : ` (n ${count(headline.n)})`}</span>{' '}
          <span class="key power">
            ┄ power, W{power === undefined ? ': not measured' : `${source} (n ${count(power.n)})`}
          </span>
        </p>
      </header>
      <Plot
        {...{ height, theme }}
        shape={`${power === undefined}`}
        label={`Latency from ${withUnit(headline?.minMs, 'ms')} to ${withUnit(headline?.maxMs, 'ms')}, power from ${withUnit(power?.min, 'W')} to ${withUnit(power?.max, 'W')}, from ${clockTime(view.range.fromMs)} to ${clockTime(view.range.toMs)}`}
        options={(colours) => plotOptions(colours, power !== undefined)}
        data={(width) => {
          const pixels = Math.max(50, Math.round(width - axisWidth));
          const { range, latency, power: watts } = data.dashboard.chart(options, nowMs, pixels);
          return columns([range.fromMs, range.toMs], latency, watts, pixels);
        }}
      />
    </>
  );
}

/** Two places a pixel: its greatest and its least value, so that neither gets lost. */
function columns(
  [fromMs, toMs]: readonly [number, number],
  latency: Band,
  power: Band,
  pixels: number,
): uPlot.AlignedData {
  const pixelMs = (toMs - fromMs) / pixels;
  const x = new Float64Array(2 * pixels);
  for (let at = 0; at < x.length; at++) x[at] = (fromMs + (at / 2) * pixelMs) / 1000;
  const most = Math.max(3, gapMs / pixelMs);
  return [x, places(latency, pixels, most), places(power, pixels, most)];
}

function places({ min, max }: Band, pixels: number, mostGap: number): (number | null | undefined)[] {
  const made = new Array<number | null | undefined>(2 * pixels).fill(undefined);
  let last = -1;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [low, high] = [min[pixel] ?? Number.NaN, max[pixel] ?? Number.NaN];
    if (Number.isNaN(high)) continue;
    // uPlot joins what is undefined, and leaves a gap as long as there is null.
    if (pixel - last > mostGap) made.fill(null, Math.max(0, 2 * last + 2), 2 * pixel);
    made[2 * pixel] = high;
    if (low !== high) made[2 * pixel + 1] = low;
    last = pixel;
  }
  return made;
}

function plotOptions(theme: Theme, hasPower: boolean): Omit<uPlot.Options, 'width' | 'height'> {
  const isDense = (plot: uPlot, at: number) => {
    const values = plot.data[at] as readonly unknown[] | undefined; // as columns() made it
    const known = values?.reduce<number>((n, value) => (typeof value === 'number' ? n + 1 : n), 0) ?? 0;
    return known < 150;
  };
  const range: uPlot.Range.Function = (_, least, greatest) =>
    least == null
      ? [0, 1]
      : [Math.max(0, least - (greatest - least) * 0.1), greatest + (greatest - least || greatest || 1) * 0.1];
  return {
    legend: { show: false },
    cursor: { drag: { setScale: false }, points: { size: 6 } },
    hooks: { setCursor: [tooltip] },
    scales: { x: { time: true }, ms: { range }, w: { range } },
    axes: [
      axis(theme, { values: (_, times) => timeTexts(times) }),
      axis(theme, { scale: 'ms', stroke: theme.latency, size: 54, values: (_, values) => values.map(figure) }),
      axis(theme, {
        scale: 'w',
        side: 1,
        stroke: theme.power,
        size: 54,
        show: hasPower,
        grid: { show: false },
        values: (_, values) => values.map(figure),
      }),
    ],
    series: [
      {},
      { label: 'latency', scale: 'ms', stroke: theme.latency, width: 1.5, points: { show: isDense, size: 4 } },
      { label: 'power', scale: 'w', stroke: theme.power, width: 1.5, dash: [5, 3], points: { show: false } },
    ],
  };
}

/** The time of day, and the day under the first and where another begins. */
function timeTexts(seconds: readonly number[]): string[] {
  let day = '';
  return seconds.map((each) => {
    const date = dayOf(each * 1000);
    const text = clockTime(each * 1000);
    if (date === day) return text;
    day = date;
    return `${text}\n${date}`;
  });
}

/** The values under the pointer, beside it. */
function tooltip(plot: uPlot): void {
  const { left = -1, idx } = plot.cursor;
  let note = plot.over.querySelector<HTMLElement>('.tip');
  if (note === null) {
    note = document.createElement('div');
    note.className = 'tip';
    plot.over.append(note);
  }
  if (idx == null || left < 0) {
    note.hidden = true;
    return;
  }
  const near = (column: number) => {
    const values = plot.data[column] ?? [];
    for (let far = 0; far < 6; far++) {
      const value = values[idx - far] ?? values[idx + far];
      if (typeof value === 'number') return value;
    }
    return undefined;
  };
  note.hidden = false;
  const timeMs = (plot.data[0][idx] ?? 0) * 1000;
  note.textContent = `${clockTime(timeMs)}  ${withUnit(near(1), 'ms')}  ${withUnit(near(2), 'W')}`;
  const isRight = left > plot.over.clientWidth / 2;
  note.style.left = isRight ? '' : `${left + 12}px`;
  note.style.right = isRight ? `${plot.over.clientWidth - left + 12}px` : '';
}
