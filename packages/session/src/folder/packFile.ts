import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { syncFolder } from './wholeFile.ts';

/** Level 6 packs twice as small again, at four times the time: the recorder shares its cores with what it records. */
const level = 3;

/** Makes `pipeline.3.jsonl.gz` of `pipeline.3.jsonl`. The plain one goes once the packed one is whole on the disk. */
export async function packFile(path: string): Promise<void> {
  const packed = `${path}.gz`;
  const part = `${packed}.part`;
  try {
    await pipeline(createReadStream(path), createGzip({ level }), createWriteStream(part, { mode: 0o640 }));
    const file = await open(part, 'r+');
    await file.datasync().finally(() => file.close());
    await rename(part, packed);
    await syncFolder(dirname(path));
    await rm(path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}
