import type { BoardInfo } from '@benchlab-otel/hw-receivers';
import { type Advisory, advisoriesOf } from '@benchlab-otel/hw-receivers/protocol';
import { table } from '../report/table.ts';
import { lookForBoards, noBoard } from '../run/meter.ts';
import type { Terminal } from './terminal.ts';

export interface DevicesOptions {
  readonly port: readonly string[];
  readonly assumeFirmware?: number;
  readonly json?: boolean;
}

/** `benchlab-probe devices`: which boards are there, and what the other ports said. No board at all is an error. */
export async function devices(options: DevicesOptions, terminal: Terminal): Promise<number> {
  const { boards, refused } = await lookForBoards({
    ports: options.port,
    ...(options.assumeFirmware === undefined ? {} : { assumeFirmware: options.assumeFirmware }),
  });
  if (options.json) {
    const refusals = refused.map(({ port, error }) => ({ port, code: error.code, message: error.message }));
    terminal.out(
      `${JSON.stringify({
        schema: 'benchlab-probe/devices',
        schemaVersion: 1,
        boards: boards.map((board) => ({ ...board, advisories: advisoriesOf(board) })),
        refused: refusals,
      })}\n`,
    );
  } else if (boards.length > 0) {
    const rows = boards.map((board) => [board.port, board.product, firmwareOf(board), board.uid, nameOf(board)]);
    terminal.out(`${table(['port', 'product', 'firmware', 'uid', 'name'], rows).join('\n')}\n`);
    terminal.out(defects(boards));
  }
  if (boards.length === 0) throw noBoard(refused);
  for (const { port, error } of options.json ? [] : refused) {
    terminal.err(`${error.message.includes(port) ? '' : `${port}: `}${error.message}\n`);
  }
  return 0;
}

function firmwareOf({ firmware, assumedFirmware }: { firmware: number; assumedFirmware?: number }): string {
  return assumedFirmware === undefined ? String(firmware) : `${firmware} (read as ${assumedFirmware})`;
}

function nameOf({ name, simulated }: { name: string; simulated: boolean }): string {
  return simulated ? `${name} (simulated)` : name;
}

/** What the vendor has published of the firmware in hand, each defect once with the boards that have it. */
function defects(boards: readonly BoardInfo[]): string {
  const ports = new Map<string, { readonly advisory: Advisory; readonly ports: string[] }>();
  for (const board of boards) {
    for (const advisory of advisoriesOf(board)) {
      const entry = ports.get(advisory.id) ?? { advisory, ports: [] };
      entry.ports.push(board.port);
      ports.set(advisory.id, entry);
    }
  }
  const lines = [...ports.values()].map(({ advisory, ports: having }) => {
    const where = having.length === boards.length ? '' : ` (${having.join(', ')})`;
    return `  ${advisory.id}${where}: ${advisory.text} ${advisory.range[0]?.toUpperCase()}${advisory.range.slice(1)}.`;
  });
  return lines.length === 0 ? '' : `\nknown defects of this firmware, by its vendor:\n${lines.join('\n')}\n`;
}
