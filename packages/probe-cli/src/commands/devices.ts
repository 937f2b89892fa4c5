import type { BoardInfo } from '@benchlab-otel/hw-receivers';
import { type Advisory, advisoriesOf } from '@benchlab-otel/hw-receivers/protocol';
import { assumeFirmwareFlag, portFlag } from '../command/boardFlags.ts';
import { type Command, defineCommand } from '../command/command.ts';
import { exitCode } from '../command/exitCode.ts';
import { switchFlag } from '../command/flag.ts';
import { averaging } from '../report/averaging.ts';
import { printable } from '../report/printable.ts';
import { table } from '../report/table.ts';
import type { FoundBoards } from '../run/meter.ts';

export const devices: Command = defineCommand({
  name: 'devices',
  summary: 'list the boards that are connected',
  options: { port: portFlag, assumeFirmware: assumeFirmwareFlag, json: switchFlag('--json', 'print JSON') },
  help: {
    text: 'Ports that hold no BENCHLAB are listed with the reason. Without any board the exit code is 97.',
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['devices', 'devices --port /dev/ttyACM0 --json'],
  },
  async run({ terminal }, { port, assumeFirmware, json }) {
    const { lookForBoards, noBoard } = await import('../run/meter.ts');
    const found = await lookForBoards({ ports: port, ...(assumeFirmware === undefined ? {} : { assumeFirmware }) });
    const { boards, refused } = found;
    if (json) terminal.out(jsonList(found));
    else if (boards.length > 0) terminal.out(`${boardTable(boards)}${defects(boards)}`);
    if (boards.length === 0) throw noBoard(refused);
    for (const { port: refusedPort, error } of json ? [] : refused) {
      terminal.err(
        `${printable(`${error.message.includes(refusedPort) ? '' : `${refusedPort}: `}${error.message}`)}\n`,
      );
    }
    return exitCode.pass;
  },
});

function jsonList({ boards, refused }: FoundBoards): string {
  return `${JSON.stringify({
    schema: 'benchlab-probe/devices',
    schemaVersion: 1,
    boards: boards.map((board) => ({ ...board, advisories: advisoriesOf(board) })),
    refused: refused.map(({ port, error }) => ({ port, code: error.code, message: error.message })),
  })}\n`;
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
