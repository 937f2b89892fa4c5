import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const segment = /\.jsonl(?:\.gz)?$/;
/** A recorder makes a new segment some times an hour at most. */
const attempts = 5;

/** A segment that is open for reading. The handle is closed by its stream. */
export interface OpenSegment {
  readonly name: string;
  readonly handle: FileHandle;
}

/**
 * The names of segments in a folder, sorted. While a segment is packed, it is there twice for a moment: the plain one counts.
 * A link could lead out of the session, and does not count.
 */
export async function segmentNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && segment.test(entry.name)).map(({ name }) => name);
  const all = new Set(names);
  return names.filter((name) => !(name.endsWith('.gz') && all.has(name.slice(0, -3)))).sort();
}

/**
 * Opens all segments of a folder as they are at one moment: a recorder that begins a new segment meanwhile neither hides lines
 * nor shows them twice.
 */
export async function openSegments(folder: string): Promise<readonly OpenSegment[]> {
  for (let attempt = 1; ; attempt++) {
    const names = await segmentNames(folder);
    const found = await Promise.all(names.map((name) => opened(folder, name)));
    const segments = found.filter((each): each is OpenSegment => each !== undefined);
    const after = await segmentNames(folder);
    const isSame = segments.length === names.length && names.join('/') === after.join('/');
    if (isSame || attempt === attempts) return segments;
    await Promise.all(segments.map(({ handle }) => handle.close()));
  }
}

/** Undefined when it is gone: it was packed. */
async function opened(folder: string, name: string): Promise<OpenSegment | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(join(folder, name), flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return undefined;
    throw error;
  });
  return handle && { name, handle };
}
