import type { Stats } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { type Finding, type LintFile, maxFileBytes, textOf, tooLarge, unreadable } from '@benchlab-otel/lint';

/** Files of one run, and levels below a folder. A search that reaches them was started in the wrong folder. */
const maxFiles = 2000;
const maxLevels = 16;

export interface ReadFiles {
  readonly files: readonly LintFile[];
  /** Of files that have no text. */
  readonly findings: readonly Finding[];
}

/**
 * The files that are named, and those with one of the endings below folders that are named. Links to folders, hidden
 * folders and node_modules are not searched. A file that is named twice is read once.
 *
 * @throws BenchlabError BAD_OPTION when a path does not exist, or a folder holds nothing to read or too much
 */
export async function readLintFiles(paths: readonly string[], endings: readonly string[]): Promise<ReadFiles> {
  const files: LintFile[] = [];
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const { found, isNamed } of await filesAt(path, endings)) {
      const real = await realpath(found).catch(() => found);
      if (seen.has(real)) continue;
      seen.add(real);
      if (seen.size > maxFiles) throw wrongPath(path, `holds more than ${maxFiles} files`, 'Name a smaller folder.');
      const read = await textAt(found, isNamed);
      if ('file' in read) files.push(read.file);
      else findings.push(read.finding);
    }
  }
  return { files, findings };
}

/**
 * Files of a registry: YAML that is named, or below folders that are named.
 *
 * @throws BenchlabError BAD_OPTION when one of them does not exist or has no text
 */
export async function registryFiles(paths: readonly string[]): Promise<readonly LintFile[]> {
  const { files, findings } = await readLintFiles(paths, ['.yaml', '.yml']);
  const [first] = findings;
  if (first !== undefined) throw wrongPath(first.file, `is not a registry: ${first.message}`, first.fix);
  return files;
}

interface FoundFile {
  readonly found: string;
  readonly isNamed: boolean;
}

async function filesAt(path: string, endings: readonly string[]): Promise<readonly FoundFile[]> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${messageOf(error)}`;
    throw wrongPath(path, why, 'Name files or folders that exist.', error);
  });
  if (!stats.isDirectory()) return [{ found: path, isNamed: true }];
  const found = await filesBelow(path, endings, 0);
  if (found.length > 0) return found.map((each) => ({ found: each, isNamed: false }));
  throw wrongPath(path, `holds no file that ends in ${endings.join(', ')}`, 'Name another folder, or the file itself.');
}

async function filesBelow(folder: string, endings: readonly string[], level: number): Promise<readonly string[]> {
  if (level > maxLevels) throw wrongPath(folder, `is more than ${maxLevels} levels deep`, 'Name a folder below it.');
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw wrongPath(folder, `cannot be read: ${messageOf(error)}`, 'Name a folder that you may read.', error);
  });
  // By code units, so that the order is the same on every machine.
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') {
      found.push(...(await filesBelow(path, endings, level + 1)));
    } else if (!entry.isDirectory() && endings.some((ending) => entry.name.endsWith(ending))) {
      found.push(path);
    }
    if (found.length > maxFiles) throw wrongPath(folder, `holds more than ${maxFiles} files`, 'Name a smaller folder.');
  }
  return found;
}

async function textAt(path: string, isNamed: boolean): Promise<ReturnType<typeof textOf>> {
  try {
    const stats = await stat(path);
    // Opening a FIFO or a terminal can wait without end.
    if (!stats.isFile()) return { finding: unreadable(path, `it is ${kindOf(stats)}`) };
    if (stats.size > maxFileBytes) return { finding: tooLarge(path) };
    return textOf(path, await bytesOf(path), isNamed);
  } catch (error) {
    return { finding: unreadable(path, messageOf(error)) };
  }
}

/** At most one byte more than the limit, also of a file that grows or states no size. */
async function bytesOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(maxFileBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isDirectory()) return 'a folder';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function wrongPath(path: string, what: string, fix: string, cause?: unknown): BenchlabError {
  return new BenchlabError('BAD_OPTION', `${path} ${what}.`, fix, { cause });
}
