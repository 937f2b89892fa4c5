import type { Band } from '../model/bands.ts';
import type { Chart } from '../model/charts.ts';
import type { Theme } from '../themes/theme.ts';
import { type Box, bottomAxis, px, valueAxis } from './axes.ts';
import { type Scale, timeScale, valueScale } from './scale.ts';

/** Points further apart than this are not joined, ms, or three pixels where a pixel is longer. */
const gapMs = 2_500;

/** Latency and power over time, as the parts of an SVG. Each pixel of the chart has its least and its greatest value. */
export function timeChartSvg({ range, latency, power }: Chart, theme: Theme, box: Box): string {
  const x = timeScale(range.fromMs, range.toMs, box.left, box.right, (box.right - box.left) / 110);
  const time = bottomAxis(x, box, theme, timeText);
  const gap = Math.max(3, (gapMs / (range.toMs - range.fromMs || 1)) * latency.min.length);
  const curve = (band: Band, colour: string, side: 'left' | 'right', more: string) => {
    if (band.least === undefined || band.greatest === undefined) return '';
    const y = valueScale(band.least, band.greatest, box.bottom, box.top);
    const path = `<path d="${pathOf(band, y, box, gap)}" fill="none" stroke="${colour}" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round"${more}/>`;
    return valueAxis(y, box, theme, colour, side) + path;
  };
  return (
    time +
    curve(latency, theme.latency, 'left', '') +
    curve(power, theme.power, latency.n === 0 ? 'left' : 'right', ' stroke-dasharray="5 3"')
  );
}

function pathOf({ min, max }: Band, y: Scale, { left, right }: Box, mostGap: number): string {
  const step = (right - left) / max.length;
  let path = '';
  let last = Number.NEGATIVE_INFINITY;
  for (const [pixel, high] of max.entries()) {
    if (Number.isNaN(high)) continue;
    const low = min[pixel] ?? high;
    const x = left + (pixel + 0.5) * step;
    const isJoined = pixel - last <= mostGap;
    // A value without neighbours is a point: a line of no length with a round end.
    path += `${isJoined ? 'L' : 'M'}${px(x)} ${px(y.at(high))}`;
    if (low !== high || !isJoined) path += `L${px(x)} ${px(y.at(low))}`;
    last = pixel;
  }
  return path;
}

/** UTC, so that a report is the same wherever it is made. */
function timeText(timeMs: number): string {
  const [, time = ''] = new Date(timeMs).toISOString().split('T');
  return timeMs % 1000 === 0 ? time.slice(0, 8) : time.slice(0, 12);
}
