import type { Theme } from '../themes/theme.ts';
import { type Box, font, fontSize } from './axes.ts';
import { histogramSvg, scatterSvg } from './distributionSvg.ts';
import { absent, count, figure, span, withUnit } from './format.ts';
import { markup } from './markup.ts';
import { reportStyle } from './reportStyle.ts';
import { findingsTable, flowTable, inputsTable, nodesTable, runsTable, seriesTable } from './reportTables.ts';
import type { Snapshot } from './snapshot.ts';
import { timeChartSvg } from './timeChartSvg.ts';
import { comparedText, rangeText, titleText } from './words.ts';

const wide = { width: 1200, height: 340 };
const half = { width: 590, height: 280 };

/**
 * All that a dashboard shows as one HTML file: no script, and no font, picture or style from elsewhere. It is the same for the same
 * data, wherever it is made: times are in UTC.
 */
export function reportHtml(snapshot: Snapshot, theme: Theme): string {
  const { view } = snapshot;
  const mark = view.isSimulated ? ' <strong class="simulated">simulated</strong>' : '';
  const age =
    view.range.ageMs === undefined || view.range.mode === 'recording' ? '' : `, newest ${span(view.range.ageMs)} old`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${markup(titleText(view))}</title>
<style>${reportStyle(theme)}</style>
<main>
<header>
<p>${view.range.mode}${age} · ${rangeText(view)}${mark}</p>
</header>
${verdict(snapshot)}
${cards(snapshot)}
${timeSection(snapshot, theme)}
<div class="halves">
${scatterSection(snapshot, theme)}
${histogramSection(snapshot, theme)}
</div>
${flowTable(view)}
${findingsTable(view)}
${seriesTable(view)}
${runsTable(view)}
${nodesTable(view)}
${inputsTable(view)}
<footer><p>${footText(snapshot)}</p></footer>
</main>
</html>
`;
}

function verdict({ view: { headline, baseline } }: Snapshot): string {
  if (headline === undefined) return '<section><h1>–</h1><p>No run and no frame.</p></section>';
  const { series, p95Ms, level, n, failed, dropped } = headline;
  const compared = comparedText(headline, baseline);
  const facts = [
    `${count(n)} ${series.kind === 'run' ? 'runs' : 'frames'}`,
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(dropped > 0 ? [`${count(dropped)} dropped`] : []),
    ...(compared === '' ? [] : [`${compared} ${baseline}`]),
  ];
  const word = level === undefined ? '' : ` <span class="${level}">${level}</span>`;
  return `<section><p>p95 latency of ${markup(series.name)} on ${markup(series.node)}</p>
<h1>${withUnit(p95Ms, 'ms')}${word}</h1>
<p>${markup(facts.join(' · '))}</p></section>`;
}

function cards({ view: { headline, power } }: Snapshot): string {
  const range = (least: number | undefined, greatest: number | undefined, unit: string) =>
    least === undefined || greatest === undefined ? absent : `${figure(least)} to ${figure(greatest)} ${unit}`;
  const all = [
    ['latency', 'Latency now', withUnit(headline?.currentMs, 'ms'), ''],
    ['latency', 'Latency mean', withUnit(headline?.meanMs, 'ms'), range(headline?.minMs, headline?.maxMs, 'ms')],
    ['latency', 'Latency p95', withUnit(headline?.p95Ms, 'ms'), ''],
    ['latency', 'Latency p99', withUnit(headline?.p99Ms, 'ms'), ''],
    ['power', 'Power now', withUnit(power?.current, 'W'), ''],
    ['power', 'Power mean', withUnit(power?.mean, 'W'), range(power?.min, power?.max, 'W')],
    ['power', 'Power p95', withUnit(power?.p95, 'W'), ''],
    ['power', 'Power p99', withUnit(power?.p99, 'W'), ''],
  ];
  const items = all.map(
    ([colour, name, value, note]) => `<div class="${colour}"><dt>${name}</dt><dd>${value}</dd><dd>${note}</dd></div>`,
  );
  return `<dl class="cards">${items.join('')}</dl>`;
}

function timeSection({ view: { headline, power }, chart }: Snapshot, theme: Theme): string {
  const latency = headline === undefined ? 'not measured' : `n ${count(headline.n)}`;
  const watts = power === undefined ? 'not measured' : `${markup(power.source)}, n ${count(power.n)}`;
  return `<section><h2>Latency and power</h2>
<p><span class="latency">— latency, ms (${latency})</span> <span class="power">┄ power, W (${watts})</span></p>
${drawing(wide, 'Latency and power over time', (box) => timeChartSvg(chart, theme, box), 56)}</section>`;
}

function scatterSection({ scatter }: Snapshot, theme: Theme): string {
  const { powerWatts, of, oldestPowerMs } = scatter;
  const n = powerWatts.length;
  const about =
    n === 0
      ? 'No frame or run has a power within a second.'
      : `${count(n)} of ${count(of)}, power at most ${span(oldestPowerMs)} away`;
  const points = n === 0 ? '' : drawing(half, 'Latency against power', (box) => scatterSvg(scatter, theme, box), 16);
  return `<section><h2>Latency against power</h2><p>${about}</p>${points}</section>`;
}

function histogramSection({ view, histogram }: Snapshot, theme: Theme): string {
  if (histogram === undefined) return '<section><h2>Distribution of latency</h2><p>No latency.</p></section>';
  const above = histogram.above > 0 ? `, ${count(histogram.above)} further to the right` : '';
  const about = `n ${count(histogram.n)}, steps of ${figure(histogram.widthMs)} ms${above}`;
  const isOfFrames = view.headline?.series.kind === 'pair';
  const bars = (box: Box) => histogramSvg(histogram, theme, box, isOfFrames);
  return `<section><h2>Distribution of latency</h2><p>${about}</p>${drawing(half, 'How often which latency', bars, 16)}</section>`;
}

function drawing(
  size: { readonly width: number; readonly height: number },
  label: string,
  draw: (box: Box) => string,
  right: number,
): string {
  const { width, height } = size;
  const box = { left: 56, top: 8, right: width - right, bottom: height - 30 };
  return `<svg role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" ${font} font-size="${fontSize}">${draw(box)}</svg>`;
}

function footText({ view: { refusedLines, forgotten } }: Snapshot): string {
  const counts = [
    [refusedLines, 'lines refused'],
    [forgotten, 'facts beyond the bounds'],
  ] as const;
  const missing = counts.filter(([n]) => n > 0).map(([n, what]) => `${count(n)} ${what}`);
  return ['– means that it was not measured. Percentiles are by nearest rank. Times are in UTC.', ...missing].join(
    ' · ',
  );
}
