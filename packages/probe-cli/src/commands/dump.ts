import { BenchlabError } from '@benchlab-otel/core/definitions';
import { type Command, defineCommand } from '../command/command.ts';
import { exitCode } from '../command/exitCode.ts';
import { defaultFlag, requiredText, switchFlag, textFlag } from '../command/flag.ts';
import { frameCount } from '../command/valueParsers.ts';
import { printable } from '../report/printable.ts';

export const dump: Command = defineCommand({
  name: 'dump',
  summary: 'write the replies of one board, byte for byte, to a file for a report',
  options: {
    port: textFlag('--port <path>', 'serial port of the board; the only one there is by default', { sets: 'ports' }),
    out: requiredText('--out <file>', 'the file, JSON'),
    frames: defaultFlag('--frames <n>', 'sensor frames to read, 1 to 10000', frameCount, 200),
    redactUid: switchFlag('--redact-uid', "leave the board's UID out"),
  },
  help: {
    text: `
Sends the requests 00 (welcome), 0E (vendor data), 0D (UID) and 01 (sensors), and no other. A board whose firmware is not
published is dumped too, without its frames being decoded: attach the file to an issue.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['dump --out board.json', 'dump --port /dev/ttyACM0 --frames 1000 --redact-uid --out board.json'],
  },
  async run({ terminal }, { port, out, frames, redactUid = false }) {
    const { prepareOutputFile } = await import('../run/outputFile.ts');
    const { dumpBoard } = await import('@benchlab-otel/hw-receivers');
    const file = await prepareOutputFile(out, '--out');
    const found = await dumpBoard(port ?? (await onlyPort()), { frames, redactUid });
    const report = { schema: 'benchlab-probe/dump', schemaVersion: 1, node: process.version, ...found };
    await file.write(`${JSON.stringify(report, undefined, 1)}\n`);
    const uid = redactUid ? '' : '; it holds the UID of the board, which --redact-uid leaves out';
    const { dumpText } = await import('../report/dumpText.ts');
    terminal.out(`${dumpText(found)}\nwritten to ${printable(out)}${uid}\n`);
    return exitCode.pass;
  },
});

/** Commands that read refuse a board of unpublished firmware. A dump takes it. */
async function onlyPort(): Promise<string> {
  const { lookForBoards, noBoard } = await import('../run/meter.ts');
  const { boards, refused } = await lookForBoards({ ports: [] });
  const ports = [
    ...boards.map(({ port }) => port),
    ...refused.flatMap(({ port, error }) => (error.code === 'UNKNOWN_FIRMWARE' ? [port] : [])),
  ];
  const [port] = ports;
  if (port === undefined) throw noBoard(refused);
  if (ports.length === 1) return port;
  const what = `There are ${ports.length} boards: ${ports.join(', ')}.`;
  throw new BenchlabError('BAD_OPTION', what, 'Name one with --port.');
}
