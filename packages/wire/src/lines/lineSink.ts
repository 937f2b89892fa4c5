/** Where bytes of whole lines go. A write may wait until the reader takes them; `close` ends that wait. */
export interface LineSink {
  /**
   * Resolves to the number of bytes taken, at least 1; to `lost` when the reader went away, and the next reader must get the
   * cut line from its start; to `closed` after `close`. Rejects when the sink will never take anything again.
   */
  write(bytes: Buffer): Promise<number | 'lost' | 'closed'>;
  /**
   * Takes the bytes before it returns: for the end of the process. Returns the number of bytes taken, which may be 0. Throws
   * when the sink will never take anything again.
   */
  writeSync(bytes: Buffer): number;
  /** Safe repeated. */
  close(): Promise<void>;
}
