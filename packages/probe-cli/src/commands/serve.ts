import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { defaultFlag, textFlag, valueFlag } from '../command/flag.ts';
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
  },
  help: {
    text: `
Programs send their OTLP to the address, over gRPC or HTTP: OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317. With a token
they send OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN, too. What arrives is counted on standard error: every
second at a terminal, else every 10 s. Ctrl-C, SIGTERM or the end of --for ends it, with a report. It keeps the first
200,000 spans, the newest 100,000 log records, and 100,000 series.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'serve --for 30s',
      'serve --listen 127.0.0.1:0 --scrape http://127.0.0.1:9464/metrics --json arrived.json',
      'serve --listen 0.0.0.0:4317 --token-file /run/secrets/otlp-token',
    ],
  },
  async run(host, options) {
    const { runServe } = await import('../observe/runServe.ts');
    return runServe(host, options);
  },
});
