import { type EmulatorOptions, emulateBoard } from '@benchlab-otel/emulator';
import type { Terminal } from './terminal.ts';
import { untilSignalOr } from './until.ts';

export interface EmulateOptions {
  readonly product?: 'original' | 'bl2';
  readonly firmware?: number;
  readonly serial?: number;
  readonly fault?: string;
  readonly connectorFault: readonly string[];
  readonly link?: string;
}

/** `benchlab-probe emulate`: a board on a pseudo-terminal, until it is interrupted. */
export async function emulate(options: EmulateOptions, terminal: Terminal): Promise<number> {
  const board = await emulateBoard({
    ...(options.product === undefined ? {} : { product: options.product }),
    ...(options.firmware === undefined ? {} : { firmware: options.firmware }),
    ...(options.serial === undefined ? {} : { serial: options.serial }),
    // emulateBoard() checks the name and lists the valid ones.
    ...(options.fault === undefined ? {} : { fault: options.fault as NonNullable<EmulatorOptions['fault']> }),
    ...(options.link === undefined ? {} : { link: options.link }),
    connectorFaults: options.connectorFault,
  });
  try {
    const { product, firmware } = board.contract;
    const fault = options.fault === undefined ? '' : `, fault ${options.fault}`;
    terminal.out(
      [
        `${board.path}`,
        `An emulated ${product}, firmware ${firmware}${fault}. What is read from it is marked simulated. Try, in another terminal:`,
        `  benchlab-probe read --port ${board.path}`,
        `  benchlab-probe run --port ${board.path} -- COMMAND`,
        'Ctrl-C ends it.',
        '',
      ].join('\n'),
    );
    await untilSignalOr(undefined).ended;
    return 0;
  } finally {
    await board.close();
  }
}
