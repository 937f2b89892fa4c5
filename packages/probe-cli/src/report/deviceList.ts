import type { BoardInfo } from '@benchlab-otel/hw-receivers';
import { type Advisory, advisoriesOf } from '@benchlab-otel/hw-receivers/protocol';
import type { FoundBoards } from '../run/meter.ts';
import { averaging } from './averaging.ts';
import { table } from './table.ts';

/** The boards and the refused ports for programs. */
export function jsonList({ boards, refused }: FoundBoards): string {
  return `${JSON.stringify({
    schema: 'benchlab-probe/devices',
    schemaVersion: 1,
    boards: boards.map((board) => ({ ...board, advisories: advisoriesOf(board) })),
    refused: refused.map(({ port, error }) => ({ port, code: error.code, message: error.message })),
  })}\n`;
}

/** The boards as a table, with the published defects of their firmwares below. */
export function boardList(boards: readonly BoardInfo[]): string {
  return `${boardTable(boards)}${defects(boards)}`;
}

function boardTable(boards: readonly BoardInfo[]): string {
  const rows = boards.map((board) => [board.port, board.product, firmwareOf(board), board.uid, nameOf(board)]);
  return `${table(['port', 'product', 'firmware', 'uid', 'name'], rows).join('\n')}\n`;
}

function firmwareOf({ firmware, assumedFirmware }: { firmware: number; assumedFirmware?: number }): string {
  return assumedFirmware === undefined ? String(firmware) : `${firmware} (read as ${assumedFirmware})`;
}

function nameOf({ name, simulated, aperture }: BoardInfo): string {
  const mean = averaging(aperture);
  return `${name}${simulated ? ' (simulated)' : ''}${mean === undefined ? '' : ` (${mean})`}`;
}

/** The defects that the vendor has published of these firmwares, each once with the boards that have it. */
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
