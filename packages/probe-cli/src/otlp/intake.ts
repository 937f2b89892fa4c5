import { setImmediate, setTimeout } from 'node:timers/promises';
import type { SignalStore } from '@benchlab-otel/analysis';
import { messageOf } from '@benchlab-otel/core';
import { decompressed } from './decompressed.ts';
import { checkJson } from './jsonBounds.ts';
import { jsonBounds, longDecodeMs, pieceBounds } from './limits.ts';
import { Refusal } from './refusal.ts';
import type { RequestBody } from './requestBody.ts';
import { requestPieces } from './requestPieces.ts';
import type { Signal } from './signals.ts';

export interface IntakeRequest {
  readonly signal: Signal;
  readonly body: RequestBody;
  readonly encoding: string | undefined;
  readonly isJson: boolean;
}

/**
 * Decompresses and decodes requests, one at a time, and hands them to the store. The same event loop reads the board: a
 * request is decoded in pieces of a few milliseconds, and where a piece takes longer, the loop is free for as long again.
 */
export class Intake {
  readonly #store: SignalStore;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: SignalStore) {
    this.#store = store;
  }

  /** Resolves when the request was taken. @throws Refusal */
  take(request: IntakeRequest): Promise<void> {
    const taken = this.#turn.then(() => this.#take(request)).finally(() => request.body.release());
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  async #take({ signal, body, encoding, isJson }: IntakeRequest): Promise<void> {
    const bytes = await decompressed(body.bytes, encoding);
    const pause = bytes.length < shortRequestBytes ? turn : pauses();
    try {
      if (isJson) this.#store.acceptPart(signal.name, parsed(bytes));
      else {
        for (const piece of requestPieces(bytes, signal.kind, pieceBounds)) {
          await pause();
          this.#store.acceptPart(signal.name, signal.decode(piece));
        }
      }
    } catch (error) {
      throw error instanceof Refusal ? error : new Refusal('malformed', messageOf(error));
    } finally {
      await pause();
    }
    this.#store.taken();
  }
}

function parsed(bytes: Buffer): unknown {
  checkJson(bytes, jsonBounds);
  return JSON.parse(bytes.toString('utf8'));
}

/** Decoding a request of fewer bytes takes much less time than `longDecodeMs`, so it is not measured: that costs a call of the system. */
const shortRequestBytes = 256 * 1024;

const turn = (): Promise<void> => setImmediate();

/** Lets the event loop run: one turn after short work, and after long work for as long as that took. */
function pauses(): () => Promise<void> {
  // Processor time: on a busy machine the work takes longer, and pauses as long would make it longer still.
  let since = process.cpuUsage();
  return async () => {
    const { user, system } = process.cpuUsage(since);
    const tookMs = (user + system) / 1000;
    await (tookMs > longDecodeMs ? setTimeout(tookMs) : setImmediate());
    since = process.cpuUsage();
  };
}
