import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { badArchive, type Manifest, manifestName, maxManifestBytes, mostBytes, parseManifest } from './manifest.ts';

/** Bytes that come out for one that goes in: JSON Lines reach 20, and a bomb 1,000. */
const maxRatio = 200;
const leastPacked = 65_536;
/** Headers and padding of tar, per file. */
const tarBytes = 2_048;

/** Takes the bytes of one file, in order. */
export type FileSink = (path: string) => Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void> }>;

/**
 * Reads an archive from its start to its end, and checks every entry against the manifest: name, kind, size and hash, none more
 * and none less.
 *
 * @param sink where the files go. Absent: they are checked only
 * @throws BenchlabError BAD_REPLY with the reason for an archive that differs from its manifest in anything
 */
export async function readArchive(file: FileHandle, archive: string, sink?: FileSink): Promise<Manifest> {
  try {
    return await entriesOf(file, archive, sink);
  } catch (error) {
    if (error instanceof BenchlabError || isOfDisk(error)) throw error;
    throw badArchive(archive, `it is not a whole .tar.gz: ${messageOf(error)}`);
  }
}

/** An error of a file that is written, not of the archive. */
function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

async function entriesOf(file: FileHandle, archive: string, sink: FileSink | undefined): Promise<Manifest> {
  let manifest: Manifest | undefined;
  const left = new Map<string, Manifest['files'][number]>();
  const decoder = createTarDecoder({ strict: true });
  for await (const entry of tarOf(file, archive, decoder)) {
    const { name, size, type = 'file' } = entry.header;
    if (type !== 'file') throw badArchive(archive, `${shown(name)} is a ${type}, and only files are in an archive`);
    if (manifest === undefined) {
      if (name !== manifestName) throw badArchive(archive, 'it does not begin with a manifest');
      if (size > maxManifestBytes) throw badArchive(archive, `its manifest has ${size} bytes`);
      manifest = parseManifest(await textOf(entry), archive);
      for (const each of manifest.files) left.set(each.path, each);
      continue;
    }
    const stated = left.get(name);
    if (stated === undefined) throw badArchive(archive, `${shown(name)} is not in its manifest, or there twice`);
    if (stated.bytes !== size) throw badArchive(archive, `${shown(name)} has ${size} bytes, not ${stated.bytes}`);
    left.delete(name);
    const hash = await taken(entry, name, sink);
    if (hash !== stated.sha256) throw badArchive(archive, `${shown(name)} has another hash than its manifest states`);
  }
  if (manifest === undefined) throw badArchive(archive, 'it is empty');
  const [missing] = left.keys();
  if (missing !== undefined) throw badArchive(archive, `${shown(missing)} is in its manifest, and not in it`);
  return manifest;
}

function tarOf(
  file: FileHandle,
  archive: string,
  decoder: ReturnType<typeof createTarDecoder>,
): AsyncIterable<ParsedTarEntry> {
  const packed = file.createReadStream({ start: 0, autoClose: false });
  let unpacked = 0;
  const bound = new Transform({
    transform(chunk: Buffer, _, done) {
      unpacked += chunk.length;
      const most = maxRatio * Math.max(packed.bytesRead, leastPacked) + tarBytes;
      if (unpacked > Math.min(most, mostBytes)) done(badArchive(archive, 'it unpacks to too much'));
      else done(null, chunk);
    },
  });
  const gunzip = createGunzip();
  packed.on('error', (error) => gunzip.destroy(error));
  gunzip.on('error', (error) => bound.destroy(error));
  packed.pipe(gunzip).pipe(bound);
  const web = Readable.toWeb(bound) as unknown as ReadableStream<Uint8Array>; // one object in Node, of two types
  const entries = web.pipeThrough(decoder) as unknown as AsyncIterable<ParsedTarEntry>; // Node iterates web streams
  return entries;
}

async function taken(entry: ParsedTarEntry, name: string, sink: FileSink | undefined): Promise<string> {
  const hash = createHash('sha256');
  const file = await sink?.(name);
  try {
    for await (const chunk of chunksOf(entry)) {
      hash.update(chunk);
      await file?.write(chunk);
    }
  } finally {
    await file?.close();
  }
  return hash.digest('hex');
}

async function textOf(entry: ParsedTarEntry): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(entry)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function chunksOf({ body }: ParsedTarEntry): AsyncIterable<Uint8Array> {
  return body as unknown as AsyncIterable<Uint8Array>; // Node iterates web streams
}

/** A name of a stranger, for a message. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 200));
}
