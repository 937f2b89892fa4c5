import { maxNumberedLineBytes } from './bounds.ts';

/** One line of a stream that goes to several readers. */
export interface EncodedLine {
  /** With its line feed. */
  readonly bytes: Buffer;
  /** A reader that is too slow misses these first. It needs the others to understand what follows. */
  readonly isDroppable: boolean;
}

/** Undefined for a message that is longer than a line may be. */
export function encodedLine(message: object, isDroppable: boolean): EncodedLine | undefined {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  return bytes.length > maxNumberedLineBytes ? undefined : { bytes, isDroppable };
}
