import { significant } from '@benchlab-otel/analysis/figures';
import type { Delta } from '../model/delta.ts';
import type { Severity } from '../model/findings.ts';
import type { Level } from '../model/view.ts';
import type { Look } from './cells.ts';

/** What stands for a value that was not measured. */
export const absent = '–';

/** Three significant digits, or the sign for absent. */
export function figure(value: number | undefined): string {
  return value === undefined ? absent : significant(value);
}

/** A count with thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** A share in percent with one decimal, cut off: 99.96 % is not 100 %. */
export function percentage(share: number | undefined): string {
  return share === undefined ? absent : `${(Math.floor(share * 1000 + 1e-9) / 10).toFixed(1)} %`;
}

/** An age in its largest unit: `0.2 s`, `12 s`, `3 min`, `2 h`, `5 d`. */
export function age(ms: number | undefined): string {
  if (ms === undefined) return absent;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** Severities with glyph and word: colour never stands alone. */
export const severities: Readonly<Record<Severity, { readonly glyph: string; readonly look: Look }>> = {
  bad: { glyph: '✗', look: { role: 'bad', isBold: true } },
  warn: { glyph: '!', look: { role: 'warn' } },
  note: { glyph: '·', look: { role: 'text' } },
};

export const levels: Readonly<Record<Level, { readonly glyph: string; readonly look: Look }>> = {
  good: { glyph: '✓', look: { role: 'good' } },
  slow: { glyph: '!', look: { role: 'warn' } },
  bad: { glyph: '✗', look: { role: 'bad', isBold: true } },
};

/** `▲ 23 % slower`, `▼ 8 % faster`, `= same`, `? too few`. */
export function deltaText(delta: Delta | undefined): string {
  if (delta === undefined) return absent;
  const change = delta.p95Ratio === undefined ? '' : `${Math.round(Math.abs(delta.p95Ratio - 1) * 100)} % `;
  if (delta.word === 'slower') return `▲ ${change}slower`;
  if (delta.word === 'faster') return `▼ ${change}faster`;
  return delta.word === 'same' ? '= same' : '? too few';
}

export function deltaLook(delta: Delta | undefined): Look {
  if (delta?.word === 'slower') return { role: 'bad', isBold: true };
  return { role: delta?.word === 'faster' ? 'good' : 'text' };
}
