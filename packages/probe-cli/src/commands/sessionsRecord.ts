import { InvalidArgumentError } from 'commander';
import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { optionalText, repeatedFlag, switchFlag, textFlag, valueFlag, wordFlag } from '../command/flag.ts';
import { portNumber, stagePair, text } from '../command/valueParsers.ts';
import { fromClocks } from '../sessions/record/recordOptions.ts';

const dataRootFlag = textFlag(
  '--data-root <folder>',
  'sessions are in its folder sessions; by default BENCHLAB_DATA_ROOT, data_root of the agent, /var/log/benchlab where it exists, or .benchlab',
);

/** `NAME=VALUE` */
function tag(given: string): readonly [string, string] {
  const at = given.indexOf('=');
  if (at > 0 && given.length <= 4_096) return [given.slice(0, at), given.slice(at + 1)];
  throw new InvalidArgumentError('Write NAME=VALUE: --tag driver=535.');
}

const record: Command = defineCommand({
  name: 'record',
  summary: 'record the power of the bench and the stages of pipelines into a session, until ended',
  words: { text: '[pipeline...]', summary: 'a pipeline as gst-launch-1.0 takes it, after --', areCommandLine: true },
  options: {
    agent: optionalText('--agent [socket]', 'record the samples of the agent of this host: power, temperatures, load'),
    from: repeatedFlag(
      '--from <address>',
      'stage events of another program: a file, a FIFO, unix:PATH, udp:PORT, or -; may be repeated',
      text,
    ),
    fromClock: wordFlag(
      '--from-clock <clock>',
      'the clock of the times of all --from; monotonic by default, which is CLOCK_MONOTONIC',
      fromClocks,
    ),
    stage: repeatedFlag(
      '--stage <name>',
      'an element of the pipeline, may be repeated; those that it names by default',
      text,
    ),
    dataRoot: dataRootFlag,
    session: textFlag('--session <name>', 'a name of your own; that of a recording that was cut off continues it'),
    pair: repeatedFlag('--pair <from:to>', 'two stages, may be repeated; neighbours by default', stagePair),
    window: valueFlag(
      '--window <duration>',
      'the longest time between two stages: a frame that takes longer was dropped; 2s by default',
      duration,
      { sets: 'windowMs' },
    ),
    tag: repeatedFlag('--tag <name=value>', 'kept in session.json, may be repeated', tag),
    comment: textFlag('--comment <text>', 'kept in session.json'),
    for: valueFlag('--for <duration>', 'end after this time: 500ms, 20s, 5m', duration),
    metricsPort: valueFlag(
      '--metrics-port <port>',
      'show the benchlab_* series of the recording there, to this host only; 0 takes any free one',
      portNumber,
    ),
  },
  help: {
    text: `
Writes SESSION/raw/*.jsonl, each line on the disk within a second, and SESSION/aligned/latency.jsonl while it records. At the
end the rows are made again from all lines. It ends when the pipeline and all inputs have ended, after --for, or with Ctrl-C or
SIGTERM; the agent and files, which are followed, have no end of their own. On a full disk it stops whole, reports it, and
continues when there is room. Frames are paired by their id, by their trace, and where lines have neither, by order of time.

All lines of a session are on CLOCK_MONOTONIC. With --from-clock, lines of another clock are translated as they come: those of
CLOCK_MONOTONIC_RAW by reading both clocks each second, times of day (epoch, ns since 1970) by the wall clock of this host.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    meanings: { trouble: 'a source failed, or lines were dropped: what was recorded is closed and whole' },
    examples: [
      'sessions record --agent -- videotestsrc is-live=true ! identity name=ingress ! x264enc name=encoded ! fakesink',
      'sessions record --agent --from unix:/run/camera/stages.sock --from /tmp/stages.fifo --pair ingress:encoded',
      'sessions record --agent --from /var/log/benchlab/sessions/lab/raw/pipeline.jsonl --from-clock monotonic-raw',
      'sessions record --agent --session warm-up --tag driver=535 --comment "fans at 60 %" --for 5m',
    ],
  },
  async run(host, options, pipeline) {
    const { recordSession } = await import('../sessions/record/recordSession.ts');
    return recordSession(host, options, pipeline);
  },
});

const mark: Command = defineCommand({
  name: 'mark',
  summary: 'mark this moment of the session that is being recorded',
  words: { text: '<name>', summary: 'what to call the moment' },
  options: {
    session: textFlag('--session <session>', 'the session, by folder or name, where several are being recorded'),
    dataRoot: dataRootFlag,
  },
  help: {
    text: `
The recorder adds the bookmark to session.json within a second.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'sessions mark retina_start',
      'sessions mark "fan replaced" --session /var/log/benchlab/sessions/2025-11-11T14-30-00Z',
    ],
  },
  async run(host, options, words) {
    const { markMoment } = await import('../sessions/record/markMoment.ts');
    return markMoment(host, options, words);
  },
});

const list: Command = defineCommand({
  name: 'ls',
  summary: 'list the sessions: when, how long, how large, and which are being recorded',
  options: { dataRoot: dataRootFlag, json: switchFlag('--json', 'one JSON object, instead of a table') },
  help: {
    text: `
A session is open while a process records it, cut off when that process is gone, and foreign when another program wrote it.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['sessions ls', 'sessions ls --data-root /var/log/benchlab --json'],
  },
  async run(host, options) {
    const { listSessions } = await import('../sessions/keep/listSessions.ts');
    return listSessions(host, options);
  },
});

const repair: Command = defineCommand({
  name: 'repair',
  summary: 'make sessions whole whose recording was cut off, and close them',
  words: { text: '<session...>', summary: 'sessions, by folder or name' },
  options: {},
  help: {
    text: `
Cuts off a line without an end, keeps what can be read of a packed file without an end, and removes files that were being
written. A session.json that cannot be read is kept as session.json.broken, and written from what the lines state. A session
that is being recorded is refused.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['sessions repair /var/log/benchlab/sessions/2025-11-11T14-30-00Z'],
  },
  async run(host, options, folders) {
    const { repairSessions } = await import('../sessions/record/repairSessions.ts');
    return repairSessions(host, options, folders);
  },
});

/** The commands that write sessions. */
export const recordCommands: readonly Command[] = [record, mark, list, repair];
