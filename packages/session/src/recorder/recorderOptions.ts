import type { Clock, OptionNames } from '@benchlab-otel/core';
import type { LiveAlignOptions } from '../align/liveAlign.ts';
import type { OpenStream } from './streamFile.ts';

export interface SessionRecorderOptions extends LiveAlignOptions {
  /** Sessions are in its folder `sessions`. */
  readonly dataRoot: string;
  /** A name of the user's own. That of a recording that was cut off continues it. Default: the second in which it opens. */
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly comment?: string;
  /** A file of raw lines of this size is closed and packed. Default 64 MiB. */
  readonly segmentBytes?: number;
  /**
   * A session of more lines keeps the rows that were made while it was recorded: making them again takes a second and 100 MB for
   * 100,000 lines. Default and most 1,000,000.
   */
  readonly mostLinesAgain?: number;
  /** Called when something changes that a person should know: a full disk, and that it has room again. */
  readonly onTrouble?: (what: string) => void;
  readonly clock?: Clock;
  /** Default: files of the system. */
  readonly openStream?: OpenStream;
}

export const optionNames: OptionNames<SessionRecorderOptions> = {
  dataRoot: true,
  name: true,
  tags: true,
  comment: true,
  segmentBytes: true,
  mostLinesAgain: true,
  onTrouble: true,
  clock: true,
  openStream: true,
  pairs: true,
  windowMs: true,
  onRow: true,
};
