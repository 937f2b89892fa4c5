import { BenchlabError, type Clock } from '@benchlab-otel/core';
import type { Transport } from '../../transport/transport.ts';
import { type ReadCommand, type Request, request } from './command.ts';
import { beginsAsWelcome, welcomeBytes } from './reply.ts';

/** One reply of the right length. `bytes` and `view` show the buffer of the exchange: they are valid until the next request. */
export interface Reply {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** CLOCK_MONOTONIC midpoint between the write and the last byte, ns. */
  readonly timeNs: number;
  /** Half the round trip, ns. */
  readonly uncertaintyNs: number;
}

/** How many bytes a reply has. With `lingerNs`, bytes that come within that time after `bytes` belong to it, up to `atMost`. */
export interface ReplySize {
  readonly bytes: number;
  readonly atMost?: number;
  readonly lingerNs?: number;
}

// The vendor publishes no latency: replies take 1-3 ms over USB, 32 ms at a real pace of 115200 baud. Ten times that.
const watchdogNs = 400e6;
// A watchdog that fires this late means that the event loop was blocked, not that the board is silent: it waits again.
const latenessNs = 20e6;
const graceNs = 50e6;
// After a bad reply the input must be silent for one round of this before the next request, within the number of rounds.
const quietNs = 20e6;
const quietRounds = 10;
// Also after bytes without a request that came this recently, because more may follow.
const recentNs = 5e6;
// After a missing reply, the time in which it may still come. As the answer to the next request it would give a reading
// with the wrong time, as would every reading after it.
const lateReplyNs = 500e6;
// The largest reply is 560 bytes (firmware contract, READ_DEFAULT_CONFIG), and an unsolicited welcome may precede it.
const bufferBytes = 1024;
// Enough for every greeting. Bytes beyond are counted and dropped.
const maxUnsolicitedBytes = 256;

interface Pending {
  readonly request: Request;
  readonly size: ReplySize;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: BenchlabError) => void;
  cancelTimer: () => void;
  sentNs: number;
  isSent: boolean;
  isLingering: boolean;
}

/**
 * Strict request and reply over a transport. The wire has no framing, no length and no checksum. So there is one request at a
 * time, a reply has exactly its number of bytes, and after any other bytes the input is drained before the next request.
 */
export class Exchange {
  /** Bytes that came without a request, since opening. */
  staleBytes = 0;
  /** Called once when the device or its driver ended the connection. Not called after `close`. */
  onLost: ((error: BenchlabError) => void) | undefined;
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #buffer = new Uint8Array(bufferBytes);
  readonly #view = new DataView(this.#buffer.buffer);
  #received = 0;
  #receivedNs = 0;
  #pending: Pending | undefined;
  #unsolicited: number[] = [];
  #endListening: (() => void) | undefined;
  /** How long to listen before the next request. Above 0 the input may still hold bytes of an earlier reply. */
  #settlingNs = 0;
  #unaskedNs = Number.NEGATIVE_INFINITY;
  #ended: BenchlabError | undefined;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  open(): Promise<void> {
    return this.#transport.open({
      data: (bytes) => this.#data(bytes),
      closed: (cause) => this.#lost(cause),
    });
  }

  /** Asks and resolves with the whole reply. Rejects with NO_REPLY, BAD_REPLY or BOARD_LOST. */
  ask(command: ReadCommand, size: ReplySize): Promise<Reply> {
    return this.askRequest({ command, bytes: request[command] }, size);
  }

  /** The same for a request with arguments. */
  async askRequest(asked: Request, size: ReplySize): Promise<Reply> {
    if (this.#clock.nowNs() - this.#unaskedNs < recentNs) this.#settlingNs = Math.max(this.#settlingNs, recentNs);
    if (this.#settlingNs > 0) await this.#settle();
    if (this.#ended) throw this.#ended;
    if (this.#pending) throw new Error(`${asked.command} was asked while a reply is outstanding`);
    return new Promise((resolve, reject) => {
      const untimed = { cancelTimer: () => undefined, sentNs: 0, isSent: false, isLingering: false };
      const pending: Pending = { request: asked, size, resolve, reject, ...untimed };
      this.#pending = pending;
      this.#arm(pending, watchdogNs);
      void this.#send(pending);
    });
  }

  /** Sends a request without a reply. Only `../writes` uses it: a receiver never does. */
  async send(request: Request): Promise<void> {
    if (this.#settlingNs > 0) await this.#settle();
    if (this.#ended) throw this.#ended;
    if (this.#pending) throw new Error(`${request.command} was sent while a reply is outstanding`);
    await this.#transport.write(request.bytes);
  }

  /** The bytes that came without a request since opening or the last request, or come within the time. Nothing is sent. */
  async listen(ns: number): Promise<Uint8Array> {
    if (this.#ended) throw this.#ended;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.at(this.#clock.nowNs() + ns, resolve);
      this.#endListening = () => {
        cancel();
        resolve();
      };
    });
    const bytes = Uint8Array.from(this.#unsolicited);
    this.#unsolicited = [];
    this.#endListening = undefined;
    if (this.#ended) throw this.#ended;
    return bytes;
  }

  /** Rejects the request that waits and closes the transport. Safe to call twice. */
  async close(): Promise<void> {
    this.onLost = undefined;
    this.#end(lostError(this.#transport.path, 'was closed'));
    await this.#transport.close();
  }

  async #send(pending: Pending): Promise<void> {
    try {
      // Stale bytes that the event loop has not read yet must not become the start of this reply.
      await this.#transport.flush();
      if (this.#pending !== pending) return;
      this.#received = 0;
      this.#unsolicited = [];
      pending.isSent = true;
      pending.sentNs = this.#clock.nowNs();
      await this.#transport.write(pending.request.bytes);
    } catch (cause) {
      this.#lost(cause);
    }
  }

  #data(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const pending = this.#pending;
    if (!pending?.isSent) {
      this.staleBytes += bytes.length;
      this.#unaskedNs = this.#clock.nowNs();
      this.#unsolicited.push(...bytes.subarray(0, maxUnsolicitedBytes - this.#unsolicited.length));
      return;
    }
    if (this.#received + bytes.length > bufferBytes) {
      this.#fail(pending, this.#received + bytes.length);
      return;
    }
    this.#buffer.set(bytes, this.#received);
    this.#received += bytes.length;
    this.#receivedNs = this.#clock.nowNs();
    this.#advance(pending);
  }

  #advance(pending: Pending): void {
    const { bytes, atMost = bytes, lingerNs } = pending.size;
    const stray = this.#strayBytes(pending);
    if (this.#received > atMost + stray) this.#fail(pending, this.#received);
    else if (this.#received < bytes + stray) return;
    else if (lingerNs === undefined) this.#complete(pending, stray);
    else if (!pending.isLingering) {
      pending.isLingering = true;
      this.#arm(pending, lingerNs);
    }
  }

  /**
   * Newer firmware pushes a welcome when RTS rises. A late one precedes the reply and is cut off. Not so for READ_NAME: a
   * board may be named BENCHLAB, and then its name is exactly this reply.
   */
  #strayBytes(pending: Pending): number {
    const { command } = pending.request;
    const isExempt = command === 'WELCOME' || command === 'READ_NAME';
    if (isExempt || this.#received < pending.size.bytes) return 0;
    return beginsAsWelcome(this.#buffer.subarray(0, this.#received)) ? welcomeBytes.long : 0;
  }

  #complete(pending: Pending, stray: number): void {
    this.#release(pending);
    this.staleBytes += stray;
    const length = this.#received - stray;
    if (stray > 0) this.#buffer.copyWithin(0, stray, this.#received);
    pending.resolve({
      bytes: this.#buffer.subarray(0, length),
      view: this.#view,
      timeNs: (pending.sentNs + this.#receivedNs) / 2,
      uncertaintyNs: (this.#receivedNs - pending.sentNs) / 2,
    });
  }

  #arm(pending: Pending, ns: number, isGrace = false): void {
    pending.cancelTimer();
    const dueNs = this.#clock.nowNs() + ns;
    pending.cancelTimer = this.#clock.at(dueNs, () => {
      if (pending.isLingering) this.#complete(pending, 0);
      else if (!isGrace && this.#clock.nowNs() - dueNs > latenessNs) this.#arm(pending, graceNs, true);
      else this.#fail(pending, this.#received);
    });
  }

  #fail(pending: Pending, received: number): void {
    this.#release(pending);
    const { size } = pending;
    const { command } = pending.request;
    const { path } = this.#transport;
    const isSilent = !pending.isSent || received === 0;
    this.#settlingNs = isSilent ? lateReplyNs : quietNs;
    pending.reject(
      isSilent
        ? new BenchlabError('NO_REPLY', `${path} did not answer ${command}.`, 'Unplug the board and plug it in again.')
        : new BenchlabError(
            'BAD_REPLY',
            `${path} answered ${command} with ${received} bytes where ${size.bytes} belong.`,
            'If this happens often, check the cable and that no other program reads the port.',
          ),
    );
  }

  async #settle(): Promise<void> {
    this.#unsolicited = [];
    let isQuiet = (await this.listen(this.#settlingNs)).length === 0;
    for (let round = 1; !isQuiet && round < quietRounds; round++) isQuiet = (await this.listen(quietNs)).length === 0;
    this.#settlingNs = 0;
  }

  #lost(cause: unknown): void {
    if (this.#ended) return;
    this.#end(lostError(this.#transport.path, 'went away', cause));
  }

  #end(error: BenchlabError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#endListening?.();
    const pending = this.#pending;
    if (pending) {
      this.#release(pending);
      pending.reject(error);
    }
    this.onLost?.(error);
    this.onLost = undefined;
  }

  #release(pending: Pending): void {
    pending.cancelTimer();
    this.#pending = undefined;
  }
}

function lostError(path: string, what: string, cause?: unknown): BenchlabError {
  return new BenchlabError(
    'BOARD_LOST',
    `The board at ${path} ${what}.`,
    'Check the cable. The board is looked for again.',
    {
      cause,
    },
  );
}
