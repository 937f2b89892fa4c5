import { existsSync } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { counted } from '@benchlab-otel/analysis';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { checkedSessionName, type ImportedFrames, importedSession, importFrames } from '@benchlab-otel/session';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { prepareOutputFile } from '../run/outputFile.ts';

interface ImportOptions {
  readonly out: string;
}

/** One text in memory: a record of an hour at 200 Hz has 100 MB. */
const maxBytes = 400_000_000;

/** `sessions import`: makes a session of each file of frames of another program. */
export async function importSessions(
  host: CommandHost,
  { out }: ImportOptions,
  paths: readonly string[],
): Promise<number> {
  const { terminal, clock } = host;
  let isWhole = true;
  for (const path of paths) {
    const imported = importFrames(await textOf(path), path);
    const name = checkedSessionName(sessionNameOf(path), 'file');
    const folder = join(out, name);
    if (existsSync(folder)) {
      throw new BenchlabError('BAD_OPTION', `${folder} exists.`, 'Name another folder with --out, or remove it.');
    }
    await mkdir(join(folder, 'raw'), { recursive: true });
    const importedAt = Number(clock.anchor().epochNs / 1_000_000n);
    const files = importedSession(imported, { name, from: basename(path), importedAt });
    for (const [file, text] of Object.entries(files)) {
      await (await prepareOutputFile(join(folder, file), '--out')).write(text);
    }
    terminal.out(`${printable(folder)}: ${counted(imported.frames.length, 'frame')} of ${imported.format}\n`);
    for (const note of notesOf(imported)) terminal.err(`benchlab-probe: ${printable(`${path}: ${note}`)}\n`);
    isWhole &&= imported.refused.count === 0;
  }
  return isWhole ? exitCode.pass : exitCode.trouble;
}

async function textOf(path: string): Promise<string> {
  const fix = 'Name a file of PresentMon, CapFrameX or MangoHud.';
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error('it is not a regular file');
    if (found.size > maxBytes) throw new Error(`it has more than ${maxBytes / 1e6} MB`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new BenchlabError('BAD_OPTION', `${path} cannot be read: ${messageOf(cause)}.`, fix, { cause });
  }
}

/** The name of the file, as far as a folder may have it. */
function sessionNameOf(path: string): string {
  const stem = basename(path).replace(/\.(?:csv|json)$/i, '');
  return (
    stem
      .replace(/[^A-Za-z0-9._-]/g, '_')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 100) || 'imported'
  );
}

function notesOf({ unknownColumns, refused }: ImportedFrames): readonly string[] {
  const more = refused.count - refused.first.length;
  return [
    ...(unknownColumns.length === 0 ? [] : [`not read: the columns ${unknownColumns.join(', ')}`]),
    ...refused.first.map((reason) => `refused: ${reason}`),
    ...(more > 0 ? [`refused: ${counted(more, 'further row')}`] : []),
  ];
}
