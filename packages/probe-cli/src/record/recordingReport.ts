import { printable } from '../report/printable.ts';
import { counted, seconds } from '../report/quantity.ts';
import { table } from '../report/table.ts';
import { percentile } from '../summary/percentile.ts';
import type { Recording } from './recording.ts';

/** What was recorded, for people: stages with their frames, and neighbours with drops and latencies. */
export function recordingReport(recording: Recording, file: string): string {
  const { pairs, events, rejection } = recording;
  const lines = [
    `${counted(events, 'event')} of ${counted(pairs.stages.length, 'stage')} in ${file}${within(recording)}`,
  ];
  if (pairs.stages.length > 0) {
    lines.push(
      '',
      ...table(
        ['stage', 'frames'],
        pairs.stages.map(({ stage, frames }) => [printable(stage), String(frames)]),
      ),
    );
  }
  if (pairs.pairs.length > 0) {
    const header = ['from → to', 'frames', 'dropped', 'p50', 'p95', 'max'];
    lines.push('', ...table(header, pairs.pairs.map(pairRow)));
  }
  for (const { to, from, unmatched } of pairs.pairs) {
    if (unmatched > 0)
      lines.push(`${counted(unmatched, 'frame')} at ${printable(to)} had not been at ${printable(from)}`);
  }
  if (pairs.withoutFrame > 0)
    lines.push(`${counted(pairs.withoutFrame, 'event')} without a frame id, paired with none`);
  if (pairs.ignored > 0)
    lines.push(`${counted(pairs.ignored, 'event')} of more stages than are told apart: recorded, not counted`);
  if (rejection !== undefined) lines.push(`refused: ${rejection.count}; the last: ${printable(rejection.reason)}`);
  return `${lines.join('\n')}\n`;
}

function within({ events, uncertaintyNs, simulated }: Recording): string {
  const precision = events === 0 || uncertaintyNs === 0 ? '' : `, times within ${seconds(uncertaintyNs / 1e9)}`;
  return `${precision}${simulated ? ', simulated' : ''}`;
}

function pairRow({ from, to, frames, dropped, latenciesNs }: Recording['pairs']['pairs'][number]): string[] {
  const at = (percent: number) => {
    const ns = percentile(latenciesNs, percent);
    return ns === undefined ? '' : seconds(ns / 1e9);
  };
  return [`${printable(from)} → ${printable(to)}`, String(frames), String(dropped), at(50), at(95), at(100)];
}
