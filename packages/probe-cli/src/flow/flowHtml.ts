import { seconds, significant } from '@benchlab-otel/analysis';
import type { FlowReport, StepReport } from '@benchlab-otel/session';
import { printable } from '../report/printable.ts';

/** The report of a flow as one HTML file: no script, no font and no picture from elsewhere. */
export function flowHtml(report: FlowReport): string {
  const { flow, session, openedAt, pair, steps, simulated } = report;
  const measured = steps.filter(({ runs }) => runs > 0);
  const targets = measured.filter(({ isTargetMet }) => isTargetMet !== undefined);
  const met = targets.filter(({ isTargetMet }) => isTargetMet === true).length;
  const longestMs = Math.max(0, ...steps.map(({ p95Ms = 0, targetMs = 0 }) => Math.max(p95Ms, targetMs)));
  const joules = measured.map((step) => step.joules);
  const total = joules.length > 0 && joules.every((each) => each !== undefined);
  const tiles = [
    ['Steps that ran', `${measured.length} of ${steps.length}`],
    ['Targets met', targets.length === 0 ? '–' : `${met} of ${targets.length}`],
    ['Time', clock(measured.reduce((sum, step) => sum + step.seconds, 0))],
    ['Energy', total ? `${significant(joules.reduce<number>((sum, each) => sum + (each ?? 0), 0))} J` : '–'],
  ];
  const facts = [
    `Session ${session}`,
    ...(openedAt === undefined
      ? []
      : [
          openedAt
            .replace('T', ' ')
            .replace(/\.\d+Z$/, ' UTC')
            .replace(/Z$/, ' UTC'),
        ]),
    pair === undefined ? 'no frames' : `latency from ${pair[0]} to ${pair[1]}`,
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(flow)}</title>
<style>${style}</style>
<main>
<header>
<h1>${html(flow.replaceAll('_', ' '))}</h1>
<p>${facts.map(html).join(' · ')}</p>
${simulated ? '<p class="note">Simulated: an event or a sample of this session was made up.</p>' : ''}
</header>
<dl class="tiles">${tiles.map(([name = '', value = '']) => `<div><dt>${html(name)}</dt><dd>${html(value)}</dd></div>`).join('')}</dl>
<ol>
${steps.map((step) => stepHtml(step, longestMs)).join('\n')}
</ol>
<footer><p>The dark bar is p50, the light one p95, the line the target; all steps have one scale. A target is met when 95 % of the frames that entered during the step took no longer. Energy is that of the whole
bench. – means that it was not measured.</p></footer>
</main>
</html>
`;
}

function stepHtml(step: StepReport, longestMs: number): string {
  const { id, copy, ops, runs, frames, p50Ms, p95Ms, targetMs, joules } = step;
  const figures = [
    ['Frames', runs === 0 ? '–' : String(frames)],
    ['p50', time(p50Ms)],
    ['p95', time(p95Ms)],
    ['Target', time(targetMs)],
    ['Time', runs === 0 ? '–' : clock(step.seconds)],
    ['Energy', joules === undefined ? '–' : `${significant(joules)} J`],
  ];
  return `<li>
<div class="head"><h2>${html(id.replaceAll('_', ' '))}</h2>${badge(step)}</div>
${copy === undefined ? '' : `<blockquote>${html(copy)}</blockquote>`}
${bar(step, longestMs)}
<dl>${figures.map(([name = '', value = '']) => `<div><dt>${html(name)}</dt><dd>${html(value)}</dd></div>`).join('')}</dl>
${ops.length === 0 ? '' : `<p class="ops">${ops.map((op) => `<code>${html(op)}</code>`).join(' ')}</p>`}
${runs > 1 ? `<p class="ops">It ran ${runs} times.</p>` : ''}
</li>`;
}

/** The verdict in words: colour alone would not reach everyone. */
function badge({ runs, isTargetMet, targetMs }: StepReport): string {
  if (runs === 0) return '<span class="badge">did not run</span>';
  if (isTargetMet === undefined)
    return `<span class="badge">${targetMs === undefined ? 'no target' : 'no frames'}</span>`;
  return isTargetMet
    ? '<span class="badge met">✓ target met</span>'
    : '<span class="badge missed">✕ target missed</span>';
}

/** p50 as a full bar, p95 as a light one, the target as a line. */
function bar({ p50Ms, p95Ms, targetMs, isTargetMet }: StepReport, longestMs: number): string {
  if (p50Ms === undefined || p95Ms === undefined || longestMs <= 0) return '';
  const x = (ms: number) => ((ms / longestMs) * 1_000).toFixed(1);
  const line =
    targetMs === undefined ? '' : `<line x1="${x(targetMs)}" x2="${x(targetMs)}" y1="0" y2="28" class="target"/>`;
  const label = `p50 ${time(p50Ms)}, p95 ${time(p95Ms)}${targetMs === undefined ? '' : `, target ${time(targetMs)}`}`;
  return `<svg viewBox="-2 0 1004 28" preserveAspectRatio="none" role="img" aria-label="${html(label)}" class="${isTargetMet === false ? 'slow' : ''}">
<rect x="0" y="6" width="1000" height="16" rx="4" class="track"/><rect x="0" y="6" width="${x(p95Ms)}" height="16" rx="4" class="p95"/><rect x="0" y="6" width="${x(p50Ms)}" height="16" rx="4" class="p50"/>${line}
</svg>`;
}

function time(ms: number | undefined): string {
  if (ms === undefined) return '–';
  return ms === 0 ? '0 ms' : seconds(ms / 1e3);
}

/** `1 min 05 s`, `4.2 s` */
function clock(value: number): string {
  if (value < 60) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

function html(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return printable(text).replace(/[&<>"]/g, (character) => escapes[character] ?? character);
}

const style = `
:root{color-scheme:light dark;--back:#f6f7f9;--card:#fff;--text:#1b1f27;--soft:#5b6472;--line:#dfe3e9;--track:#e9ecf1;--good:#1a7f4b;--goodBack:#e2f4ea;--bad:#b3261e;--badBack:#fbe6e4;--p50:#2f6fde;--p95:#a9c5f7}
@media(prefers-color-scheme:dark){:root{--back:#14171c;--card:#1d2128;--text:#e7eaf0;--soft:#a0a9b8;--line:#313743;--track:#2a303a;--good:#6fd6a0;--goodBack:#17372a;--bad:#ff9d94;--badBack:#43211f;--p50:#6ea0ff;--p95:#34507f}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:52rem;margin:0 auto;padding:2.5rem 1.25rem}h1{margin:0;font-size:2rem;line-height:1.2;text-transform:capitalize}
header p{margin:.35rem 0 0;color:var(--soft)}.note{color:var(--bad);font-weight:600}
dl{display:flex;flex-wrap:wrap;gap:.25rem 1.75rem;margin:0}dt{color:var(--soft);font-size:.8rem}dd{margin:0;font-variant-numeric:tabular-nums;font-weight:600}
.tiles{gap:.75rem;margin:1.75rem 0}.tiles div{flex:1 1 8rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem}.tiles dd{font-size:1.35rem}
ol{list-style:none;margin:0;padding:0;display:grid;gap:1rem}li{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem 1.25rem}
.head{display:flex;justify-content:space-between;align-items:center;gap:1rem}h2{margin:0;font-size:1.15rem;text-transform:capitalize}
.badge{white-space:nowrap;font-size:.85rem;font-weight:600;padding:.15rem .65rem;border-radius:1rem;background:var(--track);color:var(--soft)}.met{background:var(--goodBack);color:var(--good)}.missed{background:var(--badBack);color:var(--bad)}
blockquote{margin:.4rem 0 .6rem;color:var(--soft);font-size:1.05rem}svg{display:block;width:100%;height:28px;margin:.35rem 0 .6rem}
.track{fill:var(--track)}.p95{fill:var(--p95)}.p50{fill:var(--p50)}.target{stroke:var(--text);stroke-width:3}
.ops{margin:.7rem 0 0;color:var(--soft);font-size:.85rem}code{background:var(--track);border-radius:.3rem;padding:.1rem .4rem}footer{color:var(--soft);font-size:.85rem;margin-top:1.5rem}
@media print{body{background:none}li{break-inside:avoid}}
`;
