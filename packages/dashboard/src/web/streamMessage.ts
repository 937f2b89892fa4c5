import type { Fact } from '../model/fact.ts';
import type { Severity } from '../model/findings.ts';
import type { InputChange, InputView } from '../model/inputStates.ts';

// What a page gets, over a WebSocket and over long polls alike. It runs the view model of its own on it, with the times of the
// server: so all pages and the terminal show the same figures.

/** One thing that happened, when it arrived at the server (ms since 1970), and to which input, by its place in `inputs`. */
export type StreamEntry =
  | { readonly at: number; readonly input: number; readonly fact: Fact }
  | { readonly at: number; readonly input: number; readonly change: InputChange }
  | {
      readonly at: number;
      readonly input: number;
      readonly found: { readonly severity: Severity; readonly text: string };
    };

/** Entries in their order, without a gap. */
export interface StreamMessage {
  /** Another one than before: the server was started again, and numbers begin at 1. All that is known is of the one before. */
  readonly epoch: string;
  /** The number of the first entry; of the next one when there are no entries. */
  readonly first: number;
  readonly entries: readonly StreamEntry[];
  /** Entries before the first that the client asked for, and that the server does not have any more. */
  readonly lost: number;
  /** The clock of the server, ms since 1970. */
  readonly nowMs: number;
  /** How the inputs are now: in the first message of a connection, and in the answer to a poll. */
  readonly inputs?: readonly InputView[];
}

/**
 * The cursor of a request, `?after=SEQ&epoch=EPOCH`. Of another epoch than `epoch`, of a number above `last`, and without a number it
 * is the start of the stream.
 */
export function cursorOf(query: URLSearchParams, epoch: string, last: number): number {
  const after = query.get('after') ?? '';
  const isSame = query.get('epoch') === null || query.get('epoch') === epoch;
  const number = isSame && /^\d{1,15}$/.test(after) ? Number(after) : 0;
  return number <= last ? number : 0;
}
