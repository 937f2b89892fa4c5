import { type Command, defineCommand } from '../command/command.ts';
import { defaultFlag, repeatedFlag, switchFlag, textFlag } from '../command/flag.ts';
import { text } from '../command/valueParsers.ts';

export const web: Command = defineCommand({
  name: 'web',
  summary: 'show latency, power, runs and findings live in a page',
  options: {
    input: repeatedFlag('--input <address>', 'what to show, may be repeated; see below', text, { sets: '--input' }),
    listen: defaultFlag(
      '--listen <address>',
      'HOST:PORT; an address that other hosts can reach needs --token-file',
      text,
      '127.0.0.1:8081',
    ),
    theme: textFlag('--theme <name>', 'dark, light, release, or a JSON file of yours; by the browser by default'),
    baseline: repeatedFlag('--baseline <path>', 'a recording or session that the page can compare with', text),
    kernels: textFlag('--kernels <file>', 'kernels.json of cycle: other kernels that run become findings'),
    flow: textFlag('--flow <file>', 'the flow that is run: its texts and targets are shown with its steps'),
    tokenFile: textFlag('--token-file <file>', 'show the page to those that know the token in this file'),
    unprotected: switchFlag('--unprotected', 'show the page to every host that can reach it, without a token'),
    allowHost: repeatedFlag('--allow-host <name>', 'a name of this host by which browsers may ask for the page', text),
    tlsCert: textFlag('--tls-cert <file>', 'serve HTTPS with this certificate in PEM, and --tls-key'),
    tlsKey: textFlag('--tls-key <file>', 'the private key of --tls-cert, in PEM'),
  },
  help: {
    text: `
An address is a file (read from its start and followed), a FIFO, - for standard input, unix:PATH or tcp:HOST:PORT of a
server of lines (benchlab-probe tail), agent or agent:SOCKET, or the folder of a session. NODE=ADDRESS names the bench.
Lines are runtime events, stage events, and raw and aligned lines of sessions; other lines are counted. An input
that is absent or breaks is looked for again.
With a token, open the page once as http://HOST:PORT/?token=TOKEN; a cookie keeps it. The page asks this server alone for
everything. GET /api/live has the newest 300 rows, GET /api/events?after=SEQ the stream. Ctrl-C or SIGTERM ends it.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'web --input telemetry.jsonl',
      'web --input agent --input rig-07=tcp:rig-07:7000 --baseline sessions/last-week',
      'web --input agent --listen 0.0.0.0:8081 --token-file /run/secrets/page-token --tls-cert page.crt --tls-key page.key',
    ],
  },
  async run(host, options) {
    const { runWeb } = await import('../web/runWeb.ts');
    return runWeb(host, options);
  },
});
