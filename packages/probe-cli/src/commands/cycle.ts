import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { textFlag, valueFlag, wordFlag } from '../command/flag.ts';

export const cycle: Command = defineCommand({
  name: 'cycle',
  summary: 'lower, compile, verify and package a small specification for real, with all signals of a pipeline',
  words: { text: '<spec...>', summary: 'the specification, YAML or JSON' },
  options: {
    out: textFlag('--out <folder>', 'keep the bundle, the list of kernels and what tools wrote in this new folder'),
    key: textFlag(
      '--key <file>',
      'sign with this Ed25519 key, PEM, readable by you alone; else with one made for the run',
    ),
    break: wordFlag('--break <backend>', 'lower this backend with a defect, to see it blocked', [
      'c',
      'javascript',
      'python',
    ]),
    for: valueFlag('--for <duration>', 'repeat the cycle for this time, to fill dashboards: 20s, 5m', duration),
    telemetryOut: textFlag(
      '--telemetry-out <file>',
      'write the runtime events of the cycle as JSON Lines, to the end of a file or to a FIFO',
    ),
  },
  help: {
    text: `
Operators are lowered to C (cc), JavaScript (node --check) and Python (py_compile). Toolchains that the host has compile
for real; the others are counted in registry_missing_binaries. Each kernel runs on the same inputs, and one that differs in
a bit from what the specification gives is blocked: no bundle is made. The bundle is a tar archive, the same bytes for the
same specification and toolchains, with an Ed25519 signature. The format of <spec> is schema/pipeline-spec.schema.json.

Spans, metrics and log events go where the environment sends those of any application (OTEL_EXPORTER_OTLP_ENDPOINT,
PROMETHEUS_PORT, TELEMETRY_ENVIRONMENT). Log lines are on standard error.`,
    exitCodes: ['pass', 'usage', 'trouble', 'fail'],
    meanings: {
      pass: 'all kernels whose toolchain is there were built, verified and packaged',
      usage: 'the command line, the specification or the key is wrong; no toolchain was started',
      trouble: 'a toolchain failed or none is there, a file could not be written, or telemetry was in trouble',
      fail: 'verification blocked a kernel',
    },
    examples: [
      'cycle kernels.yaml',
      'cycle kernels.yaml --out build --key key.pem',
      'cycle kernels.yaml --break python',
      'cycle kernels.yaml --for 5m',
      'run -- benchlab-probe cycle kernels.yaml',
    ],
  },
  async run(host, options, words) {
    const { runCycle } = await import('../cycle/runCycle.ts');
    return runCycle(host, options, words);
  },
});
