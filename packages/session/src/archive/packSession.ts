import { createHash } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { createTarPacker, type TarPackController } from 'modern-tar';
import { checkedSessionName } from '../folder/sessionName.ts';
import { syncFolder } from '../folder/wholeFile.ts';
import { lockSession } from '../recorder/sessionLock.ts';
import { formatManifest, isArchived, type ManifestFile, manifestName } from './manifest.ts';

const chunkBytes = 64 * 1024;
const folders = ['', 'raw', 'aligned', 'cx-export'] as const;

/** What an archive holds. */
export interface PackedSession {
  readonly files: number;
  readonly bytes: number;
  /** Entries of the folder that are no files of a session, and links: they are not in the archive. */
  readonly leftOut: readonly string[];
}

/**
 * Writes a session into an archive, `.tar.gz`: a manifest with the hash of each file, then the files. The archive is there
 * whole or not at all. No process can record the session meanwhile.
 *
 * @throws BenchlabError BAD_OPTION when the session is being recorded, or the archive cannot be written
 */
export async function packSession(folder: string, out: string): Promise<PackedSession> {
  const name = checkedSessionName(basename(folder), 'folder');
  if (!(await lstat(join(folder, 'raw')).catch(() => undefined))?.isDirectory()) {
    throw new BenchlabError('BAD_OPTION', `${folder} is not a session.`, 'Name a folder with raw/.');
  }
  const lock = await lockSession(folder);
  const part = `${out}.part`;
  try {
    const { paths, leftOut } = await filesOf(folder);
    const files: ManifestFile[] = [];
    for (const path of paths) files.push({ path, ...(await hashOf(join(folder, path))) });
    const { readable, controller } = createTarPacker();
    const written = writePart(readable, part);
    const adding = addAll(controller, folder, name, files).catch((error) => {
      controller.error(error);
      throw error;
    });
    await Promise.all([adding, written]);
    await rename(part, out);
    await syncFolder(dirname(out));
    return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), leftOut };
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    if (error instanceof BenchlabError) throw error;
    const fix = 'Check that this user may write there, and that the disk has room.';
    throw new BenchlabError('BAD_OPTION', `${out} cannot be written: ${messageOf(error)}.`, fix, { cause: error });
  } finally {
    await lock.release();
  }
}

async function filesOf(
  folder: string,
): Promise<{ readonly paths: readonly string[]; readonly leftOut: readonly string[] }> {
  const [paths, leftOut] = [[] as string[], [] as string[]];
  for (const part of folders) {
    const entries = await readdir(join(folder, part), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = part === '' ? entry.name : `${part}/${entry.name}`;
      if (entry.isFile() && isArchived(path)) paths.push(path);
      else if (!(entry.isDirectory() && part === '' && folders.some((each) => each === entry.name)) && path !== '.lock')
        leftOut.push(path);
    }
  }
  return { paths: paths.sort(), leftOut };
}

async function hashOf(path: string): Promise<Omit<ManifestFile, 'path'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await opened(path);
  try {
    for await (const chunk of file.createReadStream({ highWaterMark: chunkBytes, autoClose: false })) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function addAll(
  controller: TarPackController,
  folder: string,
  name: string,
  files: readonly ManifestFile[],
): Promise<void> {
  const manifest = Buffer.from(formatManifest(name, files));
  await add(controller, manifestName, manifest.length, [manifest]);
  for (const { path, bytes } of files) {
    const file = await opened(join(folder, path));
    try {
      // A byte more or less than the manifest states ends the packing with an error.
      await add(controller, path, bytes, file.createReadStream({ highWaterMark: chunkBytes, autoClose: false }));
    } finally {
      await file.close();
    }
  }
  controller.finalize();
}

async function add(
  controller: TarPackController,
  name: string,
  size: number,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  // The same session gives the same archive: neither owner nor time of the files is in it.
  const body = controller.add({ name, size, type: 'file', mode: 0o640, mtime: new Date(0), uid: 0, gid: 0 });
  const writer = body.getWriter();
  for await (const chunk of chunks) await writer.write(chunk);
  await writer.close();
}

async function writePart(readable: ReadableStream<Uint8Array>, part: string): Promise<void> {
  await rm(part, { force: true });
  // The two types of web streams are the same object in Node.
  const source = Readable.fromWeb(readable as Parameters<typeof Readable.fromWeb>[0]);
  await pipeline(source, createGzip(), createWriteStream(part, { flags: 'wx', mode: 0o640 }));
  const file = await open(part, 'r+');
  await file.datasync().finally(() => file.close());
}

function opened(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}
