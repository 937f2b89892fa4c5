import type { StagePair } from '@benchlab-otel/analysis';
import { counted, percentile, seconds } from '@benchlab-otel/analysis';
import { printable } from '../report/printable.ts';
import { table } from '../report/table.ts';
import type { Recording } from './recording.ts';

/** A recording, for people: stages with their frames, and neighbours with drops and latencies. */
export function recordingReport(recording: Recording, file: string): string {
  const { pairs, events, rejection, empty } = recording;
  const compared = pairs.pairs;
  const lines = [
    `${counted(events, 'event')} of ${counted(pairs.stages.length, 'stage')} in ${file}${within(recording)}`,
  ];
  if (pairs.stages.length > 0) {
    lines.push(
      '',
      ...table(
        ['stage', 'frames'],
        [...pairs.stages, ...empty.map(({ stage }) => ({ stage, frames: 0 }))].map(({ stage, frames }) => [
          printable(stage),
          String(frames),
        ]),
      ),
    );
  }
  if (compared.length > 0) {
    const header = ['from → to', 'frames', 'dropped', 'p50', 'p95', 'max'];
    lines.push('', ...table(header, compared.map(pairRow)));
  }
  for (const { to, from, frames, unmatched, latenciesNs } of compared) {
    if (unmatched > 0)
      lines.push(`${counted(unmatched, 'frame')} at ${printable(to)} had not been at ${printable(from)} before`);
    if (latenciesNs.length < frames)
      lines.push(`p50 and p95 at ${printable(to)} are of its first ${counted(latenciesNs.length, 'frame')}`);
  }
  if (pairs.repeated > 0)
    lines.push(`${counted(pairs.repeated, 'event')} of frames that had been at the stage before: the first counts`);
  for (const { stage, reason } of empty) lines.push(`warning: nothing was seen at ${printable(stage)}: ${reason}`);
  for (const name of pairs.missing)
    lines.push(`--pair: nothing was seen at ${printable(name)}; stages are ${stageNames(pairs)}`);
  if (pairs.withoutFrame > 0)
    lines.push(`${counted(pairs.withoutFrame, 'event')} without a frame id, which are not paired`);
  if (pairs.ignored > 0)
    lines.push(`${counted(pairs.ignored, 'event')} of further stages, beyond the bound: recorded, not counted`);
  if (rejection !== undefined) lines.push(`refused: ${rejection.count}; the last: ${printable(rejection.reason)}`);
  return `${lines.join('\n')}\n`;
}

function stageNames({ stages }: Recording['pairs']): string {
  return stages.map(({ stage }) => printable(stage)).join(', ');
}

function within({ events, uncertaintyNs, simulated }: Recording): string {
  const precision = events === 0 || uncertaintyNs === 0 ? '' : `, times within ${seconds(uncertaintyNs / 1e9)}`;
  return `${precision}${simulated ? ', simulated' : ''}`;
}

function pairRow({ from, to, frames, dropped, latenciesNs, longestNs }: StagePair): string[] {
  const shown = (ns: number | undefined) => (ns === undefined ? '' : seconds(ns / 1e9));
  const [p50, p95] = [percentile(latenciesNs, 50), percentile(latenciesNs, 95)];
  const latencies = [p50, p95, longestNs].map(shown);
  return [`${printable(from)} → ${printable(to)}`, String(frames), String(dropped), ...latencies];
}
