import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BenchlabError, isObject, messageOf, textOption } from '@benchlab-otel/core';
import { isProvenanceId, provenanceId } from '@benchlab-otel/sdk';
import { trace } from '@opentelemetry/api';

/** What a stamp states of a file. The format is docs/formats/provenance.md, version 1. */
export interface ArtefactStamp {
  /** The name of the file, without its folder. */
  readonly file: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The span that made the file: the `provenance.id` of a span that judges it. */
  readonly provenance: string;
}

const schema = 'benchlab-otel/provenance';
const version = 1;
/** A stamp has some hundred bytes. */
const maxStampBytes = 65_536;

/**
 * Writes `PATH.provenance.json`, which names the active span as the one that made the file, with the hash of its bytes. The
 * stamp appears at once or not at all.
 *
 * @returns what it has written; rejects with `BenchlabError` where no span is active, the file cannot be read or changes
 *   meanwhile, or the stamp cannot be written
 * @example await withSpan('codegen', async () => { await writeFile('kernel.o', code); await stampArtefact('kernel.o'); });
 */
export async function stampArtefact(path: string): Promise<ArtefactStamp> {
  textOption('path', path);
  const span = trace.getActiveSpan();
  const provenance = span === undefined ? '' : provenanceId(span);
  if (!isProvenanceId(provenance)) {
    const what = `${path} was not stamped: no span is active that could name its maker.`;
    throw new BenchlabError('BAD_OPTION', what, 'Call stampArtefact() inside the span, after telemetry has started.');
  }
  const stamp: ArtefactStamp = { file: basename(path), ...(await hashed(path)), provenance };
  const target = stampPath(path);
  const scratch = `${target}.${process.pid}.${Date.now()}.tmp`;
  try {
    const file = await open(scratch, 'wx');
    try {
      await file.writeFile(`${JSON.stringify({ schema, version, ...stamp }, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(scratch, target);
  } catch (error) {
    await rm(scratch, { force: true }).catch(() => {});
    throw failure(`${target} cannot be written`, error, 'Check the folder.');
  }
  return stamp;
}

/**
 * Reads the stamp of a file and compares it with the file.
 *
 * @returns the stamp, whose `provenance` a span that judges the file passes as `provenance.id`; rejects with `BenchlabError`
 *   where there is no stamp, it is not one, or the file differs from it
 * @example const { provenance } = await checkArtefact('kernel.o');
 */
export async function checkArtefact(path: string): Promise<ArtefactStamp> {
  textOption('path', path);
  const stamp = await readStamp(path);
  const found = await hashed(path);
  if (stamp.file === basename(path) && stamp.sha256 === found.sha256) return stamp;
  const what =
    stamp.file === basename(path)
      ? `${path} differs from its stamp: it has ${found.sizeBytes} bytes with the SHA-256 ${found.sha256}, and ${stamp.sizeBytes} bytes with ${stamp.sha256} were stamped.`
      : `${stampPath(path)} is the stamp of another file, ${JSON.stringify(stamp.file.slice(0, 100))}.`;
  throw new BenchlabError('BAD_OPTION', what, 'Make and stamp the file again.');
}

function stampPath(path: string): string {
  return `${path}.provenance.json`;
}

async function readStamp(path: string): Promise<ArtefactStamp> {
  const from = stampPath(path);
  let text: string;
  try {
    const { size } = await stat(from);
    if (size > maxStampBytes) throw new Error(`it has more than ${maxStampBytes} bytes`);
    text = await readFile(from, 'utf8');
  } catch (error) {
    throw failure(`${from} cannot be read`, error, 'Stamp the file with stampArtefact() where it is made.');
  }
  const stamp = stampIn(text);
  if (stamp !== undefined) return stamp;
  const what = `${from} is not a stamp of version ${version}.`;
  throw new BenchlabError('BAD_OPTION', what, 'See docs/formats/provenance.md, or stamp the file again.');
}

function stampIn(text: string): ArtefactStamp | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(read) || read.schema !== schema || read.version !== version) return undefined;
  const { file, sha256, sizeBytes, provenance } = read;
  if (typeof file !== 'string' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  if (typeof sizeBytes !== 'number' || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0) return undefined;
  if (typeof provenance !== 'string' || !isProvenanceId(provenance)) return undefined;
  return { file, sha256, sizeBytes, provenance };
}

/** Of any size, in pieces. */
async function hashed(path: string): Promise<Pick<ArtefactStamp, 'sha256' | 'sizeBytes'>> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  try {
    const before = await stat(path);
    if (!before.isFile()) throw new Error('it is not a file');
    await pipeline(createReadStream(path), async (chunks) => {
      for await (const chunk of chunks as AsyncIterable<Buffer>) {
        sizeBytes += chunk.length;
        hash.update(chunk);
      }
    });
    const after = await stat(path);
    if (sizeBytes !== after.size || before.mtimeMs !== after.mtimeMs)
      throw new Error('it was written while it was read');
  } catch (error) {
    throw failure(`${path} cannot be read`, error, 'Close the file before it is stamped or checked.');
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}

function failure(what: string, cause: unknown, fix: string): BenchlabError {
  return new BenchlabError('BAD_OPTION', `${what}: ${messageOf(cause)}.`, fix, { cause });
}
