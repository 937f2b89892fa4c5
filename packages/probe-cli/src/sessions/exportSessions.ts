import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from '@benchlab-otel/analysis';
import {
  type AlignedPair,
  capframexCsv,
  capframexProblems,
  checkedApplication,
  type FrameTime,
  type ReadSession,
  seedCsv,
} from '@benchlab-otel/session';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import { eachSession } from './eachSession.ts';
import type { SessionOptions } from './sessionOptions.ts';

interface ExportOptions extends SessionOptions {
  readonly format?: 'capframex-csv' | 'seed';
  readonly application: string;
  readonly frameTime?: FrameTime;
  readonly out?: string;
}

/** `sessions export`: a table of frames for each pair of stages, checked by the rules of the program that imports it. */
export function exportSessions(
  host: CommandHost,
  { format = 'capframex-csv', application, frameTime = 'latency', out, ...options }: ExportOptions,
  folders: readonly string[],
): Promise<number> {
  checkedApplication(application);
  return eachSession(host, options, folders, async (session) => {
    const folder = out ?? session.paths.exports;
    await mkdir(folder, { recursive: true });
    const names = fileNames(session.pairs);
    for (const [at, pair] of session.pairs.entries()) {
      const path = join(folder, names[at] ?? '');
      const file = await prepareOutputFile(path, '--out');
      const meta = { application, createdAt: createdAt(session, host), comment: comment(pair) };
      const csv =
        format === 'seed' ? seedCsv(pair.rows, application, frameTime) : capframexCsv(pair.rows, meta, frameTime);
      await file.write(csv);
      host.terminal.out(`${printable(path)}: ${counted(pair.rows.length, 'frame')}\n`);
      const problems = format === 'seed' ? [] : capframexProblems(csv);
      for (const problem of problems) host.terminal.err(`benchlab-probe: ${printable(`${path}: ${problem}`)}\n`);
    }
  });
}

/** `ingress_to_encoded.csv`. Names of stages can hold what a file name may not. */
function fileNames(pairs: readonly AlignedPair[]): readonly string[] {
  const names: string[] = [];
  for (const { pair } of pairs) {
    const stem = pair.map((stage) => stage.replace(/[^A-Za-z0-9-]/g, '_').slice(0, 60)).join('_to_');
    let name = `${stem}.csv`;
    for (let next = 2; names.includes(name); next++) name = `${stem}-${next}.csv`;
    names.push(name);
  }
  return names;
}

function createdAt({ file }: ReadSession, { clock }: CommandHost): number {
  return file === undefined ? Number(clock.anchor().epochNs / 1_000_000n) : Date.parse(file.openedAt);
}

function comment({ pair, rows, dropped }: AlignedPair): string {
  const simulated = rows.some((row) => row.simulated === true);
  return `${pair.join(' to ')}; dropped: ${dropped}; simulated: ${simulated}`;
}
