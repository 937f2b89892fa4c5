/** Where whole lines go. It waits for whoever takes them; that wait ends with `close`. */
export interface LineSink {
  /**
   * Resolves to the number of bytes taken, at least 1; `lost` when the reader went away, and a cut line is to be sent anew
   * to the next one; `closed` after `close`. Rejects when nothing will ever be taken any more.
   */
  write(bytes: Buffer): Promise<number | 'lost' | 'closed'>;
  close(): Promise<void>;
}
