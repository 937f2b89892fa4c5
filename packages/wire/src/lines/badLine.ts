/** Thrown within a reader for a line that it refuses. The message is the reason, without a full stop. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
}
