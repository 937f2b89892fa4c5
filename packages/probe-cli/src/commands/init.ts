import { type Command, defineCommand } from '../command/command.ts';
import { defaultFlag, switchFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { text } from '../command/valueParsers.ts';

export const init: Command = defineCommand({
  name: 'init',
  summary: 'run a program, and write a probe.yaml from the telemetry that it showed',
  words: { text: '<command...>', summary: 'the program and its arguments, after --', areCommandLine: true },
  options: {
    out: defaultFlag('--out <file>', 'the file that is written', text, 'probe.yaml'),
    force: switchFlag('--force', 'replace a file of that name'),
    telemetryOut: telemetryOutFlag,
  },
  help: {
    text: `
The file asks for the spans, series and log events of this run: names, kinds, parents, types of attributes, labels. It holds no
value, and the next run of the same program passes it. Add counts, patterns and values by hand: docs/presence.md.
Series of the runtime and of the SDK (nodejs_*, v8js_*, process_*, otel_* …) are left out.

A program that fails keeps its own exit code, and nothing is written.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['init -- node app.js', 'init --out checks/checkout.yaml --force -- node app.js'],
  },
  async run(host, { telemetryOut, ...options }, words) {
    const { withCommandEvents } = await import('../events/commandEvents.ts');
    return withCommandEvents(telemetryOut, 'init', async () => {
      const { initFile } = await import('../presence/initFile.ts');
      return initFile(host, options, words);
    });
  },
});
