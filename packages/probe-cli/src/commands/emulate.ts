import { BenchlabError, OptionError } from '@benchlab-otel/core/definitions';
import type { LineFault } from '@benchlab-otel/emulator';
import { type Command, defineCommand } from '../command/command.ts';
import { exitCode } from '../command/exitCode.ts';
import { repeatedFlag, textFlag, valueFlag, wordFlag } from '../command/flag.ts';
import { telemetryOutFlag } from '../command/telemetryOutFlag.ts';
import { firmware, serial, text } from '../command/valueParsers.ts';
import type { CommandEvents } from '../events/commandEvents.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';

export const emulate: Command = defineCommand({
  name: 'emulate',
  summary: 'put an emulated board on a pseudo-terminal, until Ctrl-C',
  options: {
    product: wordFlag('--product <name>', 'which board', ['original', 'bl2']),
    firmware: valueFlag('--firmware <n>', 'a published firmware of it; the newest by default', firmware),
    serial: valueFlag(
      '--serial <n>',
      'makes its UID: boards with different numbers are different boards; 1 by default',
      serial,
    ),
    fault: textFlag('--fault <name>', 'a fault of the line, see below'),
    connectorFault: repeatedFlag(
      '--connector-fault <name>',
      'a fault that the board reports, may be repeated, see below',
      text,
      { sets: 'connectorFaults' },
    ),
    link: textFlag('--link <path>', 'make a symbolic link to the terminal here'),
    telemetryOut: telemetryOutFlag,
  },
  help: {
    text: faultLists,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: [
      'emulate',
      'emulate --product original --link /tmp/benchlab0',
      'emulate --connector-fault FAULT_OCP_HPWR1',
    ],
  },
  async run(host, { telemetryOut, ...options }) {
    const { withCommandEvents } = await import('../events/commandEvents.ts');
    return withCommandEvents(telemetryOut, 'emulate', (events) => emulated(host, options, events));
  },
});

interface EmulateOptions {
  readonly product?: 'original' | 'bl2';
  readonly firmware?: number;
  readonly serial?: number;
  readonly fault?: string;
  readonly connectorFault: readonly string[];
  readonly link?: string;
}

async function emulated(
  host: CommandHost,
  { fault, connectorFault, ...options }: EmulateOptions,
  events: CommandEvents,
): Promise<number> {
  const { emulateBoard } = await import('@benchlab-otel/emulator');
  const board = await emulateBoard({
    ...options,
    // emulateBoard() checks the name and lists the valid ones.
    ...(fault === undefined ? {} : { fault: fault as LineFault }),
    connectorFaults: connectorFault,
  }).catch((error) => {
    throw takenLink(error, options.link);
  });
  try {
    const { product, firmware: version } = board.contract;
    host.terminal.out(
      [
        board.path,
        `An emulated ${product}, firmware ${version}${fault === undefined ? '' : `, fault ${fault}`}. Its readings are marked as simulated. Try, in another terminal:`,
        `  benchlab-probe read --port ${board.path}`,
        `  benchlab-probe run --port ${board.path} -- COMMAND`,
        'Ctrl-C ends it.',
        '',
      ].join('\n'),
    );
    const diagnostics = { product, firmware: version, port: board.path, simulated: true, ...(fault && { fault }) };
    events.emit({ event: 'diagnostic', diagnostics });
    await untilSignalOr(undefined, host).ended;
    return exitCode.pass;
  } finally {
    await board.close();
  }
}

/** A name that is taken is a wrong value of --link, and not trouble of the host. Other errors stay as they are. */
function takenLink(error: unknown, link: string | undefined): unknown {
  if (!(error instanceof BenchlabError) || error.code !== 'PORT_IN_USE') return error;
  const allowed = 'a new name, or that of a board that has ended: a file, another link or another board is there';
  return new OptionError({ option: 'link', value: link, allowed }, { cause: error });
}

async function faultLists(): Promise<string> {
  const { lineFaults } = await import('@benchlab-otel/emulator');
  const { faultBits } = await import('@benchlab-otel/hw-receivers/protocol');
  const width = Math.max(...lineFaults.map(({ name }) => name.length));
  return `
Faults of the line (--fault):
${lineFaults.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join('\n')}

Faults that the board reports (--connector-fault), BENCHLAB 2 from firmware 5 on:
  ${Object.keys(faultBits).join('\n  ')}`;
}
