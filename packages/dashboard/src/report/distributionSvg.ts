import type { Histogram } from '../model/histogram.ts';
import type { Scatter } from '../model/scatter.ts';
import { thresholdsMs } from '../model/seriesView.ts';
import type { Theme } from '../themes/theme.ts';
import { type Box, bottomAxis, px, valueAxis } from './axes.ts';
import { figure } from './format.ts';
import { valueScale } from './scale.ts';

/** How often which latency, as the parts of an SVG, with the limits of frames where they are within it. */
export function histogramSvg(
  { fromMs, widthMs, counts }: Histogram,
  theme: Theme,
  box: Box,
  hasLimits: boolean,
): string {
  const endMs = fromMs + counts.length * widthMs;
  const x = valueScale(fromMs, endMs, box.left, box.right, 8);
  const y = valueScale(0, Math.max(1, ...counts), box.bottom, box.top, 6);
  const bars = counts.map((count, at) => {
    const [left, right] = [x.at(fromMs + at * widthMs), x.at(fromMs + (at + 1) * widthMs)];
    const top = y.at(count);
    return `<rect x="${px(left + 0.5)}" y="${px(top)}" width="${px(Math.max(1, right - left - 1))}" height="${px(box.bottom - top)}" fill="${theme.latency}" fill-opacity="0.75"/>`;
  });
  const limits = [
    [thresholdsMs.good, theme.warn, 'slow'],
    [thresholdsMs.bad, theme.bad, 'bad'],
  ] as const;
  const lines = limits
    .filter(([limit]) => hasLimits && limit > x.least && limit < x.greatest)
    .map(([limit, colour, word]) => {
      const at = px(x.at(limit));
      const line = `<line x1="${at}" y1="${box.top}" x2="${at}" y2="${box.bottom}" stroke="${colour}"/>`;
      return `${line}<text x="${px(x.at(limit) + 5)}" y="${box.top + 12}" fill="${colour}">${word} →</text>`;
    });
  return (
    bottomAxis(x, box, theme, (value) => `${figure(value)} ms`) +
    valueAxis(y, box, theme, theme.text, 'left') +
    bars.join('') +
    lines.join('')
  );
}

/** Latency over power, as the parts of an SVG. */
export function scatterSvg({ powerWatts, latencyMs }: Scatter, theme: Theme, box: Box): string {
  if (powerWatts.length === 0) return '';
  const x = valueScale(Math.min(...powerWatts), Math.max(...powerWatts), box.left, box.right, 8);
  const y = valueScale(Math.min(...latencyMs), Math.max(...latencyMs), box.bottom, box.top, 7);
  const points = powerWatts.map((watts, at) => `M${px(x.at(watts))} ${px(y.at(latencyMs[at] ?? 0))}h0`).join('');
  return (
    bottomAxis(x, box, theme, (value) => `${figure(value)} W`, theme.power) +
    valueAxis(y, box, theme, theme.latency, 'left') +
    `<path d="${points}" stroke="${theme.latency}" stroke-opacity="0.7" stroke-width="4" stroke-linecap="round"/>`
  );
}
