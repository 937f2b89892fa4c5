import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { maxRequestBytes } from './limits.ts';
import { Refusal } from './refusal.ts';

type Decompress = (bytes: Buffer, bounds: { readonly maxOutputLength: number }) => Promise<Buffer>;

const decompressors = new Map<string, Decompress>([
  ['gzip', promisify(gunzip)],
  // Source: RFC 9110, section 8.4.1.3.
  ['x-gzip', promisify(gunzip)],
  ['deflate', inflated],
]);

/** The names that `grpc-accept-encoding` and the message of a refusal list. */
export const encodings = 'identity, gzip, deflate';

/**
 * @param encoding as the header has it: content codings have no case (RFC 9110, section 8.4.1)
 * @throws Refusal for an encoding that is not known, for bytes that do not have it, and for more than 16 MiB after it
 */
export async function decompressed(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  const coding = encoding?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return bytes;
  const decompress = decompressors.get(coding);
  if (decompress === undefined) throw new Refusal('unknownFormat', `use one of ${encodings}`);
  try {
    return await decompress(bytes, { maxOutputLength: maxRequestBytes });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooLarge) throw new Refusal('tooLarge', `it decompresses to more than ${maxRequestBytes} bytes`);
    throw new Refusal('malformed', `it is not ${coding}`);
  }
}

/** Some senders leave out the zlib header that RFC 9110, section 8.4.1.2 asks for. */
function inflated(bytes: Buffer, bounds: { readonly maxOutputLength: number }): Promise<Buffer> {
  // Source: RFC 1950, section 2.2: the method is 8, and the first two bytes are a multiple of 31.
  const hasHeader = bytes.length >= 2 && ((bytes[0] ?? 0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
  return (hasHeader ? promisify(inflate) : promisify(inflateRaw))(bytes, bounds);
}
