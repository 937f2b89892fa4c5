import { type Command, defineCommand } from '../command/command.ts';
import { switchFlag } from '../command/flag.ts';
import { howPaired, pairFlag, partFlags, windowFlag } from './sessionsFlags.ts';

export const show: Command = defineCommand({
  name: 'show',
  summary: 'latency, drops, joules a frame and the worst frames of sessions, by pair of stages',
  words: {
    text: '<session...>',
    summary: 'sessions by folder or name, folders that hold sessions, patterns with * and ?',
  },
  options: {
    pair: pairFlag,
    window: windowFlag,
    ...partFlags,
    json: switchFlag('--json', 'one JSON object, instead of tables'),
  },
  help: {
    text: `
Percentiles are latencies that were measured (nearest rank). "with energy" is the share of frames whose energy is known. With
--from and --to the frames count that reached the first stage in that time; they are paired over the whole session.${howPaired}`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'sessions show sessions/2025-11-11T14-30-00Z',
      'sessions show sessions/2025-11-11T14-30-00Z --from 10s --to 70s',
      "sessions show '/var/log/benchlab/sessions/2025-11-*' --json",
    ],
  },
  async run(host, options, folders) {
    const { showSessions } = await import('../sessions/showSessions.ts');
    return showSessions(host, options, folders);
  },
});

export const compare: Command = defineCommand({
  name: 'compare',
  summary: 'what changed from one group of sessions to another, with intervals',
  words: { text: '<session...>', summary: 'sessions before, then --, then sessions after', areTwoLists: true },
  options: {
    pair: pairFlag,
    window: windowFlag,
    ...partFlags,
    json: switchFlag('--json', 'one JSON object, instead of tables'),
  },
  help: {
    text: `
Compares p50, p95, the share of dropped frames and J/frame: difference and ratio, each with an interval. The intervals of a
pair hold together with 95 %. Frames that are near each other in time are alike, so the spread within a session comes from
stretches of frames, and not from single ones; with several sessions in a group it is the spread between them. With one
session a group, how much one run differs from the next is not in the intervals: record some of each.${howPaired}`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'sessions compare sessions/2025-11-11T14-30-00Z -- sessions/2025-11-12T09-00-00Z',
      "sessions compare 'old/*' -- 'new/*' --json",
    ],
  },
  async run(host, options, words) {
    const { compareSessionGroups } = await import('../sessions/compareSessionGroups.ts');
    return compareSessionGroups(host, options, words);
  },
});
