import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { maxRequestBytes } from './limits.ts';
import { Refusal } from './refusal.ts';

const decompressors = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
]);

/** The names that `grpc-accept-encoding` and the message of a refusal list. */
export const encodings = 'identity, gzip, deflate';

/** @throws Refusal for an encoding that is not known, for bytes that do not have it, and for more than 16 MiB after it */
export async function decompressed(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return bytes;
  const decompress = decompressors.get(encoding);
  if (decompress === undefined) throw new Refusal('unknownFormat', `use one of ${encodings}`);
  try {
    return await decompress(bytes, { maxOutputLength: maxRequestBytes });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooLarge) throw new Refusal('tooLarge', `it decompresses to more than ${maxRequestBytes} bytes`);
    throw new Refusal('malformed', `it is not ${encoding}`);
  }
}
