import { days, size } from '../command/amounts.ts';
import { type Command, defineCommand } from '../command/command.ts';
import { switchFlag, textFlag, valueFlag } from '../command/flag.ts';
import { text } from '../command/valueParsers.ts';

const dataRootFlag = textFlag(
  '--data-root <folder>',
  'sessions are in its folder sessions; by default BENCHLAB_DATA_ROOT, data_root of the agent, /var/log/benchlab where it exists, or .benchlab',
);

const prune: Command = defineCommand({
  name: 'prune',
  summary: 'remove old sessions: raw lines after 7 days, all after 90, and the oldest beyond a quota',
  options: {
    dataRoot: dataRootFlag,
    rawKeepDays: valueFlag(
      '--raw-keep-days <days>',
      'remove raw lines this long after the close; by default BENCHLAB_RAW_KEEP_DAYS, that of the agent, or 7',
      days,
    ),
    days: valueFlag(
      '--days <days>',
      'remove the rest then; by default BENCHLAB_RETENTION_DAYS, that of the agent, or 90',
      days,
    ),
    quota: valueFlag('--quota <size>', 'remove the oldest until all are smaller: 50GB', size, {
      sets: 'quotaBytes',
    }),
    dryRun: switchFlag('--dry-run', 'print what would be removed and why, and remove nothing'),
  },
  help: {
    text: `
A session that is being recorded, is pinned, or whose session.json cannot be read is never removed, and no link is followed. One
that was cut off counts as closed when its last line was written. "That of the agent" stands in /etc/benchlab/config.toml, or in the
file that BENCHLAB_CONFIG names.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { trouble: 'something could not be removed, or what is left is above the quota' },
    examples: [
      'sessions prune --dry-run',
      'sessions prune --data-root /var/log/benchlab --raw-keep-days 14 --quota 50GB',
    ],
  },
  async run(host, options) {
    const { pruneSessions } = await import('../sessions/keep/pruneSessions.ts');
    return pruneSessions(host, options);
  },
});

const pin: Command = defineCommand({
  name: 'pin',
  summary: 'keep sessions of any age, with the reason',
  words: { text: '<session...>', summary: 'sessions, by folder or name' },
  options: {
    reason: valueFlag('--reason <text>', 'why they are kept', text),
    release: switchFlag('--release', 'take the pin away', { conflicts: ['reason'] }),
  },
  help: {
    text: `
The pin stands in session.json. A session that is being recorded is kept anyway, and is pinned after its end.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'sessions pin /var/log/benchlab/sessions/2025-11-11T14-30-00Z --reason "baseline of driver 535"',
      'sessions pin /var/log/benchlab/sessions/2025-11-11T14-30-00Z --release',
    ],
  },
  async run(host, options, folders) {
    const { pinSessions } = await import('../sessions/keep/pinSessions.ts');
    return pinSessions(host, options, folders);
  },
});

/** The commands that keep and remove sessions. */
export const keepCommands: readonly Command[] = [prune, pin];
