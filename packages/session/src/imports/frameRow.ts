/** One frame as another program recorded it. What its file does not state is absent. */
export interface ImportedFrame {
  /** s since the start of the recording: when it was presented. */
  readonly timeSeconds: number;
  /** ms since the frame before. */
  readonly frameMs: number;
  /** ms from the present call to the screen; absent for a frame that was not shown. */
  readonly untilDisplayedMs?: number;
  readonly isDropped: boolean;
  readonly application?: string;
}

/** Power of the whole bench, W, at a time of the recording. */
export interface ImportedPower {
  readonly timeSeconds: number;
  readonly watts: number;
}

/** What a file of another program holds. */
export interface ImportedFrames {
  /** `PresentMon 1`, `MangoHud` … */
  readonly format: string;
  readonly frames: readonly ImportedFrame[];
  readonly power: readonly ImportedPower[];
  /** Columns that are not read. */
  readonly unknownColumns: readonly string[];
  /** Rows that could not be read: their number, and the places of the first ones. */
  readonly refused: { readonly count: number; readonly first: readonly string[] };
  readonly host: { readonly processor?: string; readonly gpus?: readonly string[]; readonly kernel?: string };
  /** ISO 8601, where the file states it. */
  readonly createdAt?: string;
  readonly comment?: string;
}

/** Frames of one file: ten hours at 200 Hz. */
export const maxImportedFrames = 8_000_000;
