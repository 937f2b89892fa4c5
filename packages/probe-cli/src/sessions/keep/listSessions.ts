import { seconds } from '@benchlab-otel/analysis';
import { type ListedSession, listSessions as listed } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { printable, printableLines } from '../../report/printable.ts';
import { table } from '../../report/table.ts';
import { dataRootOf } from '../record/dataRoot.ts';
import { shownBytes } from './shownBytes.ts';

interface ListOptions {
  readonly dataRoot?: string;
  readonly json?: boolean;
}

/** `sessions ls`: the sessions of a data root. */
export async function listSessions(host: CommandHost, { dataRoot, json = false }: ListOptions): Promise<number> {
  const root = dataRootOf(dataRoot, host.environment);
  const sessions = await listed(root);
  const { out } = host.terminal;
  if (json)
    out(`${printableLines(JSON.stringify({ dataRoot: root, sessions: sessions.map(objectOf) }, undefined, 2))}\n`);
  else if (sessions.length === 0) out(`There are no sessions in ${printable(root)}.\n`);
  else {
    const header = ['name', 'state', 'lasted', 'size', 'raw', 'pinned', 'comment'];
    out(`${table(header, sessions.map(rowOf)).join('\n')}\n`);
  }
  return exitCode.pass;
}

function objectOf({ folder, name, standing, bytes, rawBytes, file, problem }: ListedSession): object {
  return {
    folder,
    name,
    state: standing,
    openedAt: file?.openedAt ?? null,
    closedAt: file?.closedAt ?? null,
    bytes,
    rawBytes,
    simulated: file?.sources.some(({ simulated }) => simulated) ?? null,
    tags: file?.tags ?? {},
    comment: file?.comment ?? '',
    pinned: file?.pinned ?? null,
    imported: file?.imported ?? null,
    problem: problem ?? null,
  };
}

function rowOf({ name, standing, bytes, rawBytes, file }: ListedSession): readonly string[] {
  const lasted = file?.closedAt === undefined ? undefined : Date.parse(file.closedAt) - Date.parse(file.openedAt);
  const mark = file?.sources.some(({ simulated }) => simulated) === true ? ' (simulated)' : '';
  return [
    name,
    standing,
    lasted === undefined ? '–' : seconds(lasted / 1e3),
    shownBytes(bytes),
    shownBytes(rawBytes),
    file?.pinned?.reason ?? '',
    `${file?.comment ?? ''}${mark}`,
  ];
}
