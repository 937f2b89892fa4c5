import { closeSync, readSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Clock } from '@benchlab-otel/core';
import { type Libc, loadLibc } from './libc.ts';

/** What happens at the other end of a pseudo-terminal. Called from the event loop, never after `close`. */
export interface PtyEvents {
  /** A client opened it. A pseudo-terminal has no DTR or RTS: this is the only edge that can be seen. */
  opened(): void;
  received(bytes: Uint8Array): void;
  /** No client has it open any more. */
  hungUp(): void;
}

/**
 * A real pseudo-terminal: the board's end of the line. Clients open `path` one after the other, as they open a serial port.
 * It keeps the process alive until it is closed, as a server does.
 */
export interface Pty {
  /** `/dev/pts/N`. */
  readonly path: string;
  /** Sends to the client. Dropped while there is no client, and while the client leaves 64 KiB unread. */
  write(bytes: Uint8Array): void;
  /** Unplugs the cable: the client sees its port vanish. Safe to call twice; no event follows. */
  close(): void;
}

/** How soon a new client is noticed, ns. The terminal is looked at only while no client is connected. */
const lookIntervalNs = 20e6;
const maxUnsentBytes = 64 * 1024;

/** Opens a pseudo-terminal. Rejects with UNSUPPORTED where the host has none. */
export async function openPty(events: PtyEvents, clock: Clock): Promise<Pty> {
  return startPty(await loadLibc(), events, clock);
}

function startPty(libc: Libc, events: PtyEvents, clock: Clock): Pty {
  const { master, path } = libc.openTerminal();
  let stream: ReadStream | undefined;
  let cancelLook = (): void => undefined;
  let isClosed = false;

  function look(): void {
    const { isOpen, hasBytes } = libc.state(master);
    if (!isOpen && hasBytes) discardInput(master); // a client came and went: there is none to answer
    // A stream closes its descriptor when the client hangs up, and the board has to outlive that: give it a copy.
    const copy = isOpen ? libc.duplicate(master) : undefined;
    if (copy === undefined) cancelLook = clock.at(clock.nowNs() + lookIntervalNs, look);
    else serve(new ReadStream(copy));
  }

  function serve(current: ReadStream): void {
    stream = current;
    current.on('error', () => {}); // EIO is how a hang-up looks; 'close' follows
    current.on('data', (bytes: Buffer) => events.received(bytes));
    current.on('close', () => {
      if (isClosed || stream !== current) return;
      stream = undefined;
      events.hungUp();
      look();
    });
    events.opened();
  }

  look();
  return {
    path,
    write(bytes) {
      if (stream && !stream.destroyed && stream.writableLength < maxUnsentBytes) stream.write(bytes);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      cancelLook();
      stream?.destroy();
      closeSync(master);
    },
  };
}

function discardInput(master: number): void {
  const scrap = Buffer.alloc(4096);
  try {
    while (readSync(master, scrap) > 0);
  } catch {
    // EIO: empty, and still no client. EAGAIN: empty, and a client has just come.
  }
}
