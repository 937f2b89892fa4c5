import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from '@benchlab-otel/analysis';
import { rowsInOrder } from '@benchlab-otel/session';
import { formatLatencyLine } from '@benchlab-otel/wire';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import { eachSession } from './eachSession.ts';
import type { SessionOptions } from './sessionOptions.ts';

/** `sessions align`: writes `aligned/latency.jsonl` in each folder, whole or not at all. */
export function alignSessions(host: CommandHost, options: SessionOptions, folders: readonly string[]): Promise<number> {
  return eachSession(host, options, folders, async ({ paths, pairs, isRowsAlone }) => {
    if (isRowsAlone) {
      host.terminal.out(`${printable(paths.folder)}: its raw lines were removed, and its rows stay as they are\n`);
      return;
    }
    await mkdir(paths.aligned, { recursive: true });
    const path = join(paths.aligned, 'latency.jsonl');
    const file = await prepareOutputFile(path, 'aligned rows');
    const rows = rowsInOrder(pairs);
    await file.write(rows.map((row) => `${formatLatencyLine(row)}\n`).join(''));
    const withPower = rows.filter(({ powerWatts }) => powerWatts !== undefined).length;
    const byOrder = rows.filter(({ pairing }) => pairing === 'fifo').length;
    const how = byOrder === 0 ? '' : `, ${counted(byOrder, 'row')} paired by order of time`;
    host.terminal.out(`${printable(path)}: ${counted(rows.length, 'row')}, ${withPower} with power${how}\n`);
  });
}
