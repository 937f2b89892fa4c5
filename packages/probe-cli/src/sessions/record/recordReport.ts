import { counted } from '@benchlab-otel/analysis';
import type { ClosedSession, SessionRecorder } from '@benchlab-otel/session';
import { printable } from '../../report/printable.ts';
import { table } from '../../report/table.ts';

/** What came of a recording, for people. */
export function recordReport(recorder: SessionRecorder, closed: ClosedSession): string {
  const { paths, lines, rows, session, liveRowsBecause } = closed;
  const seconds = (Date.parse(session.closedAt ?? session.openedAt) - Date.parse(session.openedAt)) / 1e3;
  const marked = session.sources.some(({ simulated }) => simulated) ? ', simulated' : '';
  const text = [
    `${printable(paths.folder)}: ${counted(lines, 'line')} in ${seconds.toFixed(1)} s, ${counted(rows, 'row')}${marked}`,
    ...session.sources.map(({ id, name }) => `source: ${printable(name === id ? id : `${name} (${id})`)}`),
  ];
  const pairs = recorder.pairs.map(({ pair, rows: frames, dropped }) => [
    pair.join(' → '),
    String(frames),
    String(dropped),
  ]);
  if (pairs.length > 0) text.push('', ...table(['from → to', 'frames', 'dropped'], pairs));
  text.push(...notes(recorder, closed));
  if (liveRowsBecause !== undefined)
    text.push(`The rows are those that were made while it was recorded: ${printable(liveRowsBecause)}.`);
  return `${text.join('\n')}\n`;
}

function notes({ late, dropped, refused, repairs }: SessionRecorder, { session }: ClosedSession): readonly string[] {
  return [
    ...repairs.map((repair) => `repaired: ${printable(repair)}`),
    ...(late > 0 ? [`${counted(late, 'event')} came too late for the live rows`] : []),
    ...(dropped > 0
      ? [`${counted(dropped, 'line')} dropped; ${counted(session.holes.length, 'hole')} in session.json`]
      : []),
    ...(refused === undefined ? [] : [`refused: ${refused.count}; the last: ${printable(refused.reason)}`]),
  ];
}
