import { type Command, defineCommand } from '../command/command.ts';
import { defaultFlag, repeatedFlag, switchFlag, textFlag, valueFlag, wordFlag } from '../command/flag.ts';
import { columnList, refreshTime, speed, text } from '../command/valueParsers.ts';

export const tui: Command = defineCommand({
  name: 'tui',
  summary: 'show latency, power, runs and findings live in the terminal',
  options: {
    input: repeatedFlag('--input <address>', 'what to show, may be repeated; see below', text, { sets: '--input' }),
    theme: defaultFlag('--theme <name>', 'dark, light, release, or a JSON file of yours', text, 'dark'),
    refresh: defaultFlag('--refresh <duration>', 'time between two frames', refreshTime, 200),
    columns: valueFlag('--columns <names>', 'columns of the tables: p50,p95,ok; all that fit by default', columnList),
    baseline: textFlag('--baseline <path>', 'a recording or the folder of a session to compare with'),
    kernels: textFlag('--kernels <file>', 'kernels.json of cycle: other kernels that run become findings'),
    record: textFlag('--record <file>', 'add what is shown to this file, which --replay and --input read'),
    replay: textFlag('--replay <path>', 'show a recording in its own pace', { conflicts: ['input', 'record'] }),
    speed: defaultFlag('--speed <n>', 'how much faster than it was recorded', speed, 1),
    once: switchFlag('--once', 'read what is there, print the figures, and end'),
    json: switchFlag('--json', 'the same as one JSON object, with value and unit apart', {
      conflicts: ['plain', 'snapshot'],
    }),
    plain: switchFlag('--plain', 'the same as lines of fields, apart by tabs', { conflicts: ['json', 'snapshot'] }),
    snapshot: wordFlag('--snapshot <form>', 'the same as the screen in text, or as its rows', ['text', 'csv'], {
      conflicts: ['json', 'plain'],
    }),
  },
  help: {
    text: `
An address is a file (read from its start and followed), a FIFO, - for standard input, unix:PATH or tcp:HOST:PORT of a
server of lines (benchlab-probe tail), agent or agent:SOCKET, or the folder of a session. NODE=ADDRESS names the bench.
Lines are runtime events, stage events, and raw and aligned lines of sessions; other lines are counted. An input
that is absent or breaks is looked for again.
With --once, files and folders are read to their end, standard input until it ends, and other inputs for 2 s.
A theme is looked for in assets/dashboards/themes first. NO_COLOR and TERM are followed. ? lists the keys.`,
    exitCodes: ['pass', 'inconclusive', 'trouble', 'usage'],
    meanings: { inconclusive: 'with --once: no line was there' },
    examples: [
      'tui --input telemetry.jsonl',
      'tui --input agent --input rig-07=tcp:rig-07:7000 --theme release --baseline sessions/last-week',
      'tui --input telemetry.jsonl --once --json',
      'tui --input data/sample --snapshot csv > frames.csv',
      'tui --replay monday.jsonl --speed 10',
    ],
  },
  async run(host, options) {
    const { runTui } = await import('../tui/runTui.ts');
    return runTui(host, options);
  },
});
