import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { defaultFlag, optionalText, textFlag, valueFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { text } from '../command/valueParsers.ts';

export const serve: Command = defineCommand({
  name: 'serve',
  summary: 'receive OTLP of programs that run elsewhere, until ended, and report what arrived',
  options: {
    listen: defaultFlag(
      '--listen <address>',
      'HOST:PORT for gRPC and HTTP; an address that other hosts can reach needs --token-file',
      text,
      '127.0.0.1:4317',
    ),
    tokenFile: textFlag('--token-file <file>', 'take requests with this token only, in Authorization: Bearer'),
    for: valueFlag('--for <duration>', 'end after this time: 500ms, 20s, 5m', duration),
    scrape: textFlag('--scrape <url>', 'read this metrics page too, four times a second'),
    json: textFlag('--json <file>', 'write what arrived as JSON, as schema/serve.schema.json describes it'),
    expect: optionalText(
      '--expect [file]',
      'at the end, hold all that arrived against this file (probe.yaml in this folder by default)',
    ),
    save: textFlag(
      '--save <file>',
      'write what arrived for benchlab-probe check, within bounds; it holds the values of attributes, which can be secrets',
    ),
    telemetryOut: telemetryOutFlag,
  },
  help: {
    text: `
Programs send their OTLP to the address, over gRPC or HTTP: OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317. With a token
they send OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN, too. What arrives is counted on standard error: every
second at a terminal, else every 10 s. Ctrl-C, SIGTERM or the end of --for ends it, with a report. It keeps the first
200,000 spans, the newest 100,000 log records, and 100,000 series.

With --expect, the spans, series, log events and budgets of the file are judged at the end, not before: a span too many can
still come. Energy is not measured, and nothing is compared: such budgets are undecided. See docs/presence.md.`,
    exitCodes: ['pass', 'fail', 'inconclusive', 'trouble', 'usage'],
    examples: [
      'serve --for 30s',
      'serve --listen 127.0.0.1:0 --scrape http://127.0.0.1:9464/metrics --json arrived.json',
      'serve --for 2m --expect probe.yaml --save arrived-telemetry.json',
      'serve --listen 0.0.0.0:4317 --token-file /run/secrets/otlp-token',
    ],
  },
  async run(host, { telemetryOut, ...options }) {
    const { withCommandEvents } = await import('../events/commandEvents.ts');
    return withCommandEvents(telemetryOut, 'serve', async (events) => {
      const { runServe } = await import('../observe/runServe.ts');
      return runServe(host, options, events);
    });
  },
});
