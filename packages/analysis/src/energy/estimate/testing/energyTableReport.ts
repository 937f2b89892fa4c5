import type { CellResult } from './cellResult.ts';
import { missedBars, missedOverAll, percent } from './energyBars.ts';
import { energyTable, type TableCell } from './energyTable.ts';
import type { KindsResult } from './kindsResult.ts';
import type { KindsCell } from './overlappingKinds.ts';

/** The table as markdown, and what misses its bar. */
export interface EnergyTableReport {
  readonly markdown: string;
  readonly missed: readonly string[];
}

const head = [
  '| disturbance, call, meter | whole holds | added holds | bias | rms error | half width | half width of added | no figure | not different from 0 | |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

export function energyTableReport(
  runs: number,
  results: readonly (readonly [TableCell, CellResult])[],
  kinds: readonly (readonly [KindsCell, KindsResult])[],
): EnergyTableReport {
  // A part of the table has no bar for all cells.
  const missed = results.length === energyTable().length ? missedOverAll(results) : [];
  const lines = [
    `${runs} runs a cell. Errors and half widths in percent of the true whole energy, half widths are medians. [simulated]`,
  ];
  for (const group of ['plain', 'all at random', 'reported'] as const) {
    const rows = results.filter(([cell]) => cell.group === group);
    if (rows.length === 0) continue;
    lines.push('', `### ${titles[group]}`, '', ...head);
    for (const [cell, result] of rows) {
      const misses = missedBars(cell, result);
      missed.push(...misses.map((miss) => `${cell.group}, ${cell.name}: ${miss}`));
      lines.push(row(cell, result, misses));
    }
  }
  if (kinds.length > 0)
    lines.push('', '### Three overlapping kinds of calls, an averaging meter at 20 Hz, 30 s', '', ...kindsHead);
  for (const [cell, result] of kinds) {
    const misses = missedByKinds(result);
    missed.push(...misses.map((miss) => `three kinds, ${kindsName(cell)}: ${miss}`));
    lines.push(kindsRow(cell, result, misses));
  }
  return { markdown: lines.join('\n'), missed };
}

const titles = {
  plain: 'Without errors of the meter',
  'all at random': 'Gain, offset, step, gaps and added watts drawn at random',
  reported: 'Reported, without a bar',
} as const;

function row({ name, knownLimit }: TableCell, result: CellResult, misses: readonly string[]): string {
  const cells = [
    name,
    percent(result.wholeHeld),
    percent(result.addedHeld),
    percent(result.bias, 3),
    percent(result.rms, 2),
    `± ${percent(result.wholeHalf, 2)}`,
    `± ${percent(result.addedHalf, 2)}`,
    percent(1 - result.figures / result.runs),
    percent(result.zero),
    misses.length > 0 ? `MISSED: ${misses.join('; ')}` : (knownLimit ?? ''),
  ];
  return `| ${cells.join(' | ').replaceAll('NaN %', '–')} |`;
}

const kindsHead = [
  '| power besides, W per CPU, CPU time of a call | whole of each holds | added of each holds | median error of added | half width of added | one slope allowed | added with one slope holds | |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
];

const leastHeld = 0.91;

function missedByKinds({ wholeHeld, addedHeld }: KindsResult): string[] {
  const misses = (name: string, held: readonly number[]) =>
    held.flatMap((share, kind) =>
      share >= leastHeld ? [] : [`${name} of kind ${kind + 1} holds in ${percent(share)}`],
    );
  return [...misses('whole', wholeHeld), ...misses('added', addedHeld)];
}

function kindsName({ disturbance, watts, cpu }: KindsCell): string {
  return `${disturbance}, ${watts.join('/')}, ${cpu}`;
}

function kindsRow(cell: KindsCell, result: KindsResult, misses: readonly string[]): string {
  const list = (shares: readonly number[]) => shares.map((share) => percent(share)).join(', ');
  const cells = [
    kindsName(cell),
    list(result.wholeHeld),
    list(result.addedHeld),
    list(result.addedError),
    list(result.addedHalf),
    percent(result.commonAllowed),
    list(result.commonHeld),
    misses.length > 0 ? `MISSED: ${misses.join('; ')}` : '',
  ];
  return `| ${cells.join(' | ').replaceAll('NaN %', '–')} |`;
}
