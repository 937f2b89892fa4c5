import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';

/** Bytes that one session takes. */
export interface SessionBytes {
  /** Raw lines of devices, all of them packed. */
  readonly samples: number;
  /** Raw lines of pipelines, all of them packed. */
  readonly stages: number;
  /** All else: rows and descriptions. */
  readonly rows: number;
  /** All else, with packed rows. */
  readonly kept: number;
}

/** The sessions of a data root as they are once their raw lines are packed. */
export async function sessionBytes(dataRoot: string): Promise<SessionBytes> {
  const bytes = { samples: 0, stages: 0, rows: 0, kept: 0 };
  for (const entry of await readdir(join(dataRoot, 'sessions'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (!entry.parentPath.endsWith('/raw')) {
      const { size } = await stat(path);
      bytes.rows += size;
      bytes.kept += entry.name === 'latency.jsonl' ? await packedSize(path) : size;
    } else {
      const kind = entry.name.startsWith('pipeline.') ? 'stages' : 'samples';
      bytes[kind] += entry.name.endsWith('.gz') ? (await stat(path)).size : await packedSize(path);
    }
  }
  return bytes;
}

async function packedSize(path: string): Promise<number> {
  let size = 0;
  for await (const chunk of createReadStream(path).pipe(createGzip())) size += (chunk as Buffer).length;
  return size;
}
