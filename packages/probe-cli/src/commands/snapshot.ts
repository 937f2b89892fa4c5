import { type Command, defineCommand } from '../command/command.ts';
import { defaultFlag, repeatedFlag, textFlag, wordFlag } from '../command/flag.ts';
import { text } from '../command/valueParsers.ts';

export const snapshot: Command = defineCommand({
  name: 'snapshot',
  summary: 'write what a dashboard shows into a report, a picture or rows',
  options: {
    input: repeatedFlag('--input <address>', 'what to show, may be repeated; as for web', text, { sets: '--input' }),
    out: repeatedFlag('--out <file>', 'file to write, may be repeated: .html, .png, .svg or .csv', text, {
      sets: '--out',
    }),
    theme: defaultFlag('--theme <name>', 'dark, light, release, or a JSON file of yours', text, 'dark'),
    baseline: repeatedFlag('--baseline <path>', 'a recording or session to compare with', text),
    kernels: textFlag('--kernels <file>', 'kernels.json of cycle: other kernels that run become findings'),
    flow: textFlag('--flow <file>', 'the flow that is run: its texts and targets are shown with its steps'),
    window: wordFlag('--window <time>', 'range before the end; all of a recording by default', [
      '30s',
      '1m',
      '5m',
      '15m',
      'all',
    ]),
    node: textFlag('--node <name>', 'this node alone'),
    filter: textFlag('--filter <text>', 'what has this text in its name, node or id alone'),
  },
  help: {
    text: `
The report is one HTML file without scripts, and needs no other file. Files and folders are read to their end, standard
input until it ends, and other inputs for 2 s. The figures are those of web and tui for the same lines.
PNG needs a font of the system, and the package @resvg/resvg-js, which you install: npm install @resvg/resvg-js`,
    exitCodes: ['pass', 'inconclusive', 'trouble', 'usage'],
    meanings: { inconclusive: 'no line was there' },
    examples: [
      'snapshot --input data/sample --out report.html --out frames.csv',
      'snapshot --input today.jsonl --baseline sessions/last-week --theme light --out today.png',
    ],
  },
  async run(host, options) {
    const { runSnapshot } = await import('../snapshot/runSnapshot.ts');
    return runSnapshot(host, options);
  },
});
