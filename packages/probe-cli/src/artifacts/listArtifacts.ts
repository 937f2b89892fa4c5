import { counted } from '@benchlab-otel/analysis';
import type { StoredObject } from '@benchlab-otel/enrichers';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { table } from '../report/table.ts';
import { shownBytes } from '../sessions/keep/shownBytes.ts';
import { openArtifacts } from './openArtifacts.ts';

interface ListOptions {
  readonly folder: string;
  readonly held?: boolean;
  readonly json?: boolean;
}

/** `artifacts list` */
export async function listArtifacts(
  { terminal }: CommandHost,
  { folder, held = false, json = false }: ListOptions,
): Promise<number> {
  const store = openArtifacts(folder);
  const holds = new Map((await store.holds()).map((hold) => [hold.sha256, hold]));
  const objects: StoredObject[] = [];
  for await (const object of store.list()) if (!held || holds.has(object.sha256)) objects.push(object);
  objects.sort((a, b) => b.storedMs - a.storedMs);
  const rows = objects.map(({ sha256, sizeBytes, storedMs }) => ({
    sha256,
    sizeBytes,
    stored: new Date(storedMs).toISOString(),
    hold: holds.get(sha256),
  }));
  if (json) {
    terminal.out(`${JSON.stringify({ folder, artifacts: rows }, null, 2)}\n`);
    return exitCode.pass;
  }
  const lines = table(
    ['SHA-256', 'stored', 'size', 'held until', 'for'],
    rows.map(({ sha256, sizeBytes, stored, hold }) => [
      sha256,
      stored.slice(0, 16).replace('T', ' '),
      shownBytes(sizeBytes),
      hold?.until.slice(0, 10) ?? '–',
      hold?.reason ?? '',
    ]),
  );
  const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  terminal.out(
    [...(rows.length > 0 ? lines : []), `${counted(rows.length, 'artifact')}, ${shownBytes(bytes)}`, ''].join('\n'),
  );
  return exitCode.pass;
}
