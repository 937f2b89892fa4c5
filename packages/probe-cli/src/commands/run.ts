import { budgetGrammar, relativeGrammar } from '@benchlab-otel/analysis';
import { agentFlag, assumeFirmwareFlag, noDitherFlag, portFlag, simulateFlag } from '../command/boardFlags.ts';
import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { repeatedFlag, switchFlag, textFlag, valueFlag } from '../command/flag.ts';
import { margin, pairCount, quietPeriod, text, warmupPairs } from '../command/valueParsers.ts';
import { defaultMargin, defaultMaxPairs, defaultWarmupPairs } from '../compare/comparisonRequest.ts';

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
    budget: repeatedFlag(
      '--budget <expr>',
      `a limit, may be repeated: ${budgetGrammar}; with a baseline ${relativeGrammar}`,
      text,
    ),
    baselineCmd: textFlag(
      '--baseline-cmd <command>',
      'compare with this program, a line for the shell: both run in turns, and budgets may name the baseline',
      { conflicts: ['baselineRef'] },
    ),
    baselineRef: textFlag(
      '--baseline-ref <git-ref>',
      'compare with the same command in this commit, branch or tag, checked out into a folder of its own',
    ),
    prepare: textFlag('--prepare <command>', 'build with this line for the shell, in each tree, before the first run'),
    warmup: valueFlag(
      '--warmup <pairs>',
      `pairs of runs that do not count, first (default: ${defaultWarmupPairs})`,
      warmupPairs,
    ),
    margin: valueFlag(
      '--margin <ratio>',
      `'FN(OP) < baseline' passes when the whole interval of the ratio is below this (default: ${defaultMargin})`,
      margin,
    ),
    maxPairs: valueFlag(
      '--max-pairs <n>',
      `end after this many pairs, 8 to 1000 (default: ${defaultMaxPairs})`,
      pairCount,
    ),
    maxTime: valueFlag('--max-time <duration>', 'begin no pair that would end after this time: 10m', duration),
    json: textFlag(
      '--json <file>',
      'write the full result as JSON, also when a budget fails; of a comparison after each run',
    ),
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

Budgets with a baseline (--baseline-cmd or --baseline-ref):
  FN(OP) < baseline          FN one of p50 p90 p95 p99 max mean, joules, errors (the share of calls that failed)
  FN(OP) < 1.05 x baseline   also with * or ×; joules(OP, cpu), joules(OP, gpu), baseline/token, watts() watts(cpu)
  Both programs run in pairs, in drawn order, one figure a run, until the interval of the ratio decides: it fails above the
  number (< baseline: above 1) once new pairs confirm it, and passes below it (< baseline: below --margin). A program
  compared with itself fails in 1 of 100 comparisons at most. What the programs print is shown where a run fails.
  docs/comparison.md of the repository has the method.

The program gets OTEL_EXPORTER_OTLP_ENDPOINT and the variables that go with it, TELEMETRY_EXPORTER_ENDPOINT, and
PROMETHEUS_PORT=0 unless that is set. The board is read at 20 Hz.

A program that fails keeps its own exit code (128 + N after signal N), before all of these:`,
    exitCodes: ['pass', 'fail', 'inconclusive', 'trouble', 'usage'],
    examples: [
      'run -- node app.js',
      'run --agent -- node app.js',
      "run --budget 'p95(checkout) < 250 ms' --json result.json -- node app.js",
      'run --idle 10s --calibration rig.json -- node app.js',
      "run --baseline-cmd 'node old.js' --budget 'p95(checkout) < 1.05 x baseline' -- node app.js",
      "run --baseline-ref main --prepare 'npm ci && npm run build' --budget 'p95(checkout) < baseline' -- node dist/app.js",
      "run --simulate --allow-simulated --budget 'joules(checkout) < 12 J' -- node app.js",
    ],
  },
  async run(host, options, words) {
    const { budgetedRun } = await import('../run/budgetedRun.ts');
    return budgetedRun(host, options, words);
  },
});
