import { budgetGrammar } from '@benchlab-otel/analysis';
import { agentFlag, assumeFirmwareFlag, noDitherFlag, portFlag, simulateFlag } from '../command/boardFlags.ts';
import { type Command, defineCommand } from '../command/command.ts';
import { optionalText, repeatedFlag, switchFlag, textFlag, valueFlag } from '../command/flag.ts';
import { quietPeriod, text } from '../command/valueParsers.ts';

export const run: Command = defineCommand({
  name: 'run',
  summary: 'run a program, measure the latency and energy of its spans, hold it to budgets',
  words: { text: '<command...>', summary: 'the program and its arguments, after --', areCommandLine: true },
  options: {
    port: portFlag,
    simulate: simulateFlag,
    agent: agentFlag,
    allowSimulated: switchFlag('--allow-simulated', 'let energy budgets be judged on simulated readings'),
    assumeFirmware: assumeFirmwareFlag,
    dither: noDitherFlag,
    idle: valueFlag(
      '--idle <duration>',
      'measure the bench at rest for this time (1s to 10m) before the program starts: joules beyond it are given, too',
      quietPeriod,
    ),
    calibration: textFlag(
      '--calibration <file>',
      'what is known of the meter, as JSON of schema/calibration.schema.json: aperture, gain, offset …',
    ),
    budget: repeatedFlag('--budget <expr>', `a limit, may be repeated: ${budgetGrammar}`, text),
    expect: optionalText(
      '--expect [file]',
      'hold the telemetry of the program against this file (probe.yaml in this folder by default): spans, series, log events, budgets',
    ),
    save: textFlag(
      '--save <file>',
      'write the received telemetry for benchlab-probe check, within bounds; it holds the values of attributes, which can be secrets',
    ),
    json: textFlag('--json <file>', 'write the full result as JSON, also when a budget fails'),
    jsonCommand: switchFlag(
      '--json-command',
      'put the command line into that file; left out by default, because arguments can hold secrets',
    ),
    telemetryOut: textFlag(
      '--telemetry-out <file>',
      'write the runtime events of the run as JSON Lines, to the end of a file or to a FIFO',
    ),
  },
  help: {
    text: `
Budgets:
  p50(OP) p95(OP) p99(OP) max(OP)   latency of the spans named OP, by nearest rank, in ns us ms s
  joules(OP)                        mean energy of one call on all rails, in mJ J kJ Wh; the total is count x joules
  joules(OP) < N J/token            energy of a unit of work, for spans that state benchlab.energy.unit and .units
  count(OP)                         number of calls
  Comparisons are < <= > >=. Energy passes or fails when its whole 95 % interval is on one side of the limit.

With --expect, a span, series or log event that is missing or other than expected fails: see docs/presence.md. What the
command line states comes before what the file states. benchlab-probe init writes the file.

The program gets OTEL_EXPORTER_OTLP_ENDPOINT and the variables that go with it, TELEMETRY_EXPORTER_ENDPOINT, and
PROMETHEUS_PORT=0 unless that is set. The board is read at 20 Hz.

A program that fails keeps its own exit code (128 + N after signal N), before all of these:`,
    exitCodes: ['pass', 'fail', 'inconclusive', 'trouble', 'usage'],
    examples: [
      'run -- node app.js',
      'run --agent -- node app.js',
      "run --budget 'p95(checkout) < 250 ms' --json result.json -- node app.js",
      'run --idle 10s --calibration rig.json -- node app.js',
      'run --expect --save telemetry.json -- node app.js',
      "run --simulate --allow-simulated --budget 'joules(checkout) < 12 J' -- node app.js",
    ],
  },
  async run(host, options, words) {
    const { budgetedRun } = await import('../run/budgetedRun.ts');
    return budgetedRun(host, options, words);
  },
});
