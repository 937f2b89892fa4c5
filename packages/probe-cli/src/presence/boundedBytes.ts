import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * The bytes of a regular file: at most one more than the limit, also of a file that grows. A FIFO or a device is refused,
 * because reading one can wait without end.
 *
 * @throws Error of the system, or one that states what the path is
 */
export async function boundedBytes(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error(`it is ${stats.isDirectory() ? 'a folder' : 'not a regular file'}`);
    const chunks: Buffer[] = [];
    // `end` is the last byte that is read, from 0.
    for await (const chunk of file.createReadStream({ end: most, autoClose: false })) chunks.push(chunk);
    return Buffer.concat(chunks);
  } finally {
    await file.close();
  }
}
