import { type Command, type CommandGroup, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { repeatedFlag, requiredText, switchFlag, textFlag, valueFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { stagePair, text } from '../command/valueParsers.ts';

const outFlag = requiredText('--out <file>', 'the file, JSON Lines');
const forFlag = valueFlag('--for <duration>', 'end after this time: 500ms, 20s, 5m', duration);
const pairFlag = repeatedFlag(
  '--pair <from:to>',
  'stages to compare, may be repeated; neighbours by default',
  stagePair,
);

const strictFlag = switchFlag('--strict', 'exit code 98 when a stage that was asked for had no frame');

const loaded = () => Promise.all([import('../record/writeRecording.ts'), import('../events/commandEvents.ts')]);

const gst: Command = defineCommand({
  name: 'gst',
  summary: 'run a GStreamer pipeline, whose named elements are the stages',
  words: { text: '[pipeline...]', summary: 'as gst-launch-1.0 takes it, after --', areCommandLine: true },
  options: {
    out: outFlag,
    stage: repeatedFlag(
      '--stage <name>',
      'an element, may be repeated; those that the pipeline names by default',
      text,
      { sets: 'stages' },
    ),
    device: textFlag(
      '--device <path>',
      'capture from this V4L2 device as stage ingress, before the pipeline; see below',
    ),
    pair: pairFlag,
    strict: strictFlag,
    for: forFlag,
    telemetryOut: telemetryOutFlag,
  },
  help: {
    text: `
A frame is known by its presentation time at every stage, so pairs and drops are exact. Each line of the file is
{"timeNs":81234567890,"uncertaintyNs":21000,"stage":"ingress","frameId":"33333333"}: CLOCK_MONOTONIC. The first line
holds the same instant on the wall clock. --device /dev/video0 stands for
  v4l2src device=/dev/video0 ! identity name=ingress ! PIPELINE
where PIPELINE is by default: videoconvert ! x264enc tune=zerolatency name=encoded ! fakesink
A stage that the pipeline has not, or that no frame reached, is listed with 0 frames. Your GST_DEBUG and GST_TRACERS are
added to; GST_DEBUG_FILE is refused, because the frames are read from the log.
A pipeline that forks has no neighbours. Name the stages to compare: --pair ingress:preview --pair ingress:encoded.`,
    exitCodes: ['pass', 'inconclusive', 'trouble', 'usage'],
    examples: [
      'record gst --out stages.jsonl -- videotestsrc num-buffers=120 ! identity name=ingress ! x264enc name=encoded ! fakesink',
      'record gst --device /dev/video0 --for 20s --out stages.jsonl',
    ],
  },
  async run(host, options, pipeline) {
    const [{ recordGst }, { withCommandEvents }] = await loaded();
    return withCommandEvents(options.telemetryOut, 'record gst', (events) =>
      recordGst(host, options, pipeline, events),
    );
  },
});

const stages: Command = defineCommand({
  name: 'stages',
  summary: 'take the stage events of another program, one JSON object a line',
  options: {
    from: requiredText('--from <address>', 'a file, a FIFO, unix:PATH, udp:PORT, or - for standard input'),
    out: outFlag,
    pair: pairFlag,
    strict: strictFlag,
    for: forFlag,
    telemetryOut: telemetryOutFlag,
  },
  help: {
    text: `
A line is {"timeNs":81234567890,"stage":"ingress","frameId":"17"} or
{"ts_ns":81234567890,"source":"pipeline","kv":{"stage":"ingress","frame_id":17}}, with CLOCK_MONOTONIC in nanoseconds.
It ends with standard input, after --for, or with Ctrl-C: a file is followed, and has no end of its own. --out must be
another file than the one that is read.`,
    exitCodes: ['pass', 'inconclusive', 'trouble', 'usage'],
    examples: [
      'mkfifo /tmp/stages; benchlab-probe record stages --from /tmp/stages --out stages.jsonl',
      'python3 encode.py | benchlab-probe record stages --from - --out stages.jsonl',
    ],
  },
  async run(host, options) {
    const [{ recordStages }, { withCommandEvents }] = await loaded();
    return withCommandEvents(options.telemetryOut, 'record stages', (events) => recordStages(host, options, events));
  },
});

export const record: CommandGroup = {
  name: 'record',
  summary: 'write when frames reached the stages of a pipeline',
  commands: [gst, stages],
};
