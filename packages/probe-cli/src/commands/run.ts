import { budgetGrammar, relativeGrammar } from '@benchlab-otel/analysis/grammar';
import { agentFlag, assumeFirmwareFlag, noDitherFlag, portFlag, simulateFlag } from '../command/boardFlags.ts';
import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { optionalText, optionalWord, repeatedFlag, switchFlag, textFlag, valueFlag } from '../command/flag.ts';
import { margin, otlpEndpoint, pairCount, quietPeriod, text, warmupPairs } from '../command/valueParsers.ts';
import { defaultMargin, defaultMaxPairs, defaultWarmupPairs } from '../compare/comparisonDefaults.ts';

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
    expectSpans: switchFlag('--expect-spans', 'end with 98 when no span arrives, also without a budget'),
    expect: optionalText(
      '--expect [file]',
      'hold the telemetry of the program against this file (probe.yaml in this folder by default): spans, series, log events, budgets',
    ),
    save: textFlag(
      '--save <file>',
      'write the received telemetry for benchlab-probe check, within bounds; it holds the values of attributes, which can be secrets',
    ),
    json: textFlag(
      '--json <file>',
      'write the full result as JSON, also when a budget fails; of a comparison after each run',
    ),
    jsonCommand: switchFlag(
      '--json-command',
      'put the command line into that file; left out by default, because arguments can hold secrets',
    ),
    junit: textFlag('--junit <file>', 'write the verdicts as JUnit XML, also when a budget fails (schema/junit.xsd)'),
    markdown: textFlag('--markdown <file>', 'write the report as Markdown, also when a budget fails'),
    github: optionalWord(
      '--github [when]',
      'annotations and a step summary for GitHub Actions; by itself where GITHUB_ACTIONS=true, unless off',
      ['on', 'off'],
    ),
    otlpOut: valueFlag(
      '--otlp-out <endpoint>',
      'send the verdicts as metrics, OTLP over gRPC: http://HOST:4317',
      otlpEndpoint,
    ),
    telemetryOut: textFlag(
      '--telemetry-out <file>',
      'write the runtime events of the run as JSON Lines, to the end of a file or to a FIFO',
    ),
  },
  help: {
    text: `
Budgets:
  p50(OP) p90(OP) p95(OP) p99(OP)   latency of the spans named OP, by nearest rank, in ns us ms s
  max(OP) mean(OP)                  the longest call, and the mean of all, in ns us ms s
  count(OP)                         number of calls
  errors(OP) < 1 %                  calls whose span has status ERROR, as a share; without %, their number
  rate(OP) > 5 /s                   calls, divided by the time that the program ran; or /min, /h
  joules(OP)                        mean energy of one call on all rails, in mJ J kJ Wh; the total is count x joules
  joules(OP) < N J/token            energy of a unit of work, for spans that state benchlab.energy.unit and .units
  Comparisons are < <= > >=, and == for count and errors. Energy passes or fails when its whole 95 % interval is on
  one side of the limit.
  In OP, * stands for any text (\\* for a star): every operation that matches must hold, and the worst is named.
  p95(OP, client) is for spans of kind client: internal, server, client, producer, consumer. Spans of one name and
  several kinds are several operations.

Budgets with a baseline (--baseline-cmd or --baseline-ref):
  FN(OP) < baseline          FN one of p50 p90 p95 p99 max mean, joules, errors (the share of calls that failed)
  FN(OP) < 1.05 x baseline   also with * or ×; joules(OP, cpu), joules(OP, gpu), baseline/token, watts() watts(cpu)
  Both programs run in pairs, in drawn order, one figure a run, until the interval of the ratio decides: it fails above the
  number (< baseline: above 1) once new pairs confirm it, and passes below it (< baseline: below --margin). A program
  compared with itself fails in 1 of 100 comparisons at most. What the programs print is shown where a run fails.
  docs/comparison.md of the repository has the method.

With --expect, a span, series or log event that is missing or other than expected fails: see docs/presence.md. What the
command line states comes before what the file states. A file with a baseline compares with it; each run of the candidate
must then meet the expectations. benchlab-probe init writes the file.

Lost spans: at most 200,000 spans (or 512 MiB of them) are kept. Where spans are beyond that, where the program's own
metrics otel.sdk.* count lost spans, where a program with startTelemetry() ends by process.exit() before it has sent its
spans, or where a sampler left traces out (OTEL_TRACES_SAMPLER, tracestate), a budget that the missing spans could
change ends with 98. Without any span, the report lists what to check.

Outputs: all that are asked for are written, also when a budget fails. Every 10 s a line on standard error shows that
the run goes on, with the time that is left where the --json FILE of an earlier run is there.

The program gets OTEL_EXPORTER_OTLP_ENDPOINT and the variables that go with it, TELEMETRY_EXPORTER_ENDPOINT, and unless
they are set PROMETHEUS_PORT, TELEMETRY_ENVIRONMENT=test and TRACEPARENT. A sampler and OTEL_SDK_DISABLED stay as they are.
The board is read at 20 Hz.

A program that fails keeps its own exit code (128 + N after signal N), before all of these:`,
    exitCodes: ['pass', 'fail', 'inconclusive', 'trouble', 'usage'],
    examples: [
      'run -- node app.js',
      'run --agent -- node app.js',
      "run --budget 'p95(checkout) < 250 ms' --json result.json -- node app.js",
      "run --budget 'errors(GET *, server) < 1 %' --junit result.xml --markdown result.md -- node app.js",
      'run --idle 10s --calibration rig.json -- node app.js',
      'run --expect --save telemetry.json -- node app.js',
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
