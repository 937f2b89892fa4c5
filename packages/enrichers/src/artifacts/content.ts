import { maxMatchBytes } from './streamMask.ts';

/** Text, bytes, or a stream of bytes: standard output of a child process. */
export type ArtifactContent = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Content that nothing else changes any more. */
export interface HeldContent {
  readonly source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Bytes that it has in memory; undefined for a stream. */
  readonly sizeBytes: number | undefined;
  /** It is the beginning of longer content. */
  readonly isBeginning: boolean;
}

/** A copy of as much as can be stored: the caller may use its bytes again. @throws TypeError for anything else */
export function heldContent(content: ArtifactContent, maxObjectBytes: number): HeldContent {
  const most = maxObjectBytes + 2 * maxMatchBytes;
  if (typeof content === 'string') return heldBytes(Buffer.from(content.slice(0, most)), most, content.length > most);
  if (content instanceof Uint8Array) {
    return heldBytes(Buffer.from(content.subarray(0, most)), most, content.length > most);
  }
  if (typeof content === 'object' && content !== null && Symbol.asyncIterator in content) {
    return { source: content, sizeBytes: undefined, isBeginning: false };
  }
  throw new TypeError('its content is not a text, bytes or a stream of bytes');
}

function heldBytes(bytes: Buffer, most: number, isBeginning: boolean): HeldContent {
  const isLonger = bytes.length > most;
  const held = isLonger ? bytes.subarray(0, most) : bytes;
  return { source: [held], sizeBytes: held.length, isBeginning: isBeginning || isLonger };
}

/** Larger pieces are given in parts, so that none blocks the application for long. */
const partBytes = 64 * 1024;

/**
 * The bytes in parts.
 *
 * @param silenceMs where a stream gives nothing for this time, it throws
 */
export async function* partsOf(source: HeldContent['source'], silenceMs: number): AsyncGenerator<Uint8Array> {
  for await (const bytes of notSilent(source, silenceMs)) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('the stream gave something else than bytes');
    for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes);
  }
}

/**
 * What is not used any more of a stream is read and dropped: its writer, a program with a pipe, must neither wait nor fail.
 */
async function* notSilent<T>(content: AsyncIterable<T> | Iterable<T>, silenceMs: number): AsyncGenerator<T> {
  if (!(Symbol.asyncIterator in content)) {
    yield* content;
    return;
  }
  const iterator = content[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await inTime(iterator.next(), silenceMs);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    void drained(iterator);
  }
}

/** Reads content that is not stored, so that its writer does not wait. */
export function drop(source: HeldContent['source']): void {
  if (Symbol.asyncIterator in source) void drained(source[Symbol.asyncIterator]());
}

/** Never rejects. */
async function drained(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    while (!(await iterator.next()).done);
  } catch {
    // Its own code has the error.
  }
}

async function inTime<T>(answer: Promise<T>, silenceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the stream gave nothing for ${silenceMs / 1000} s`)), silenceMs);
    timer.unref();
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
