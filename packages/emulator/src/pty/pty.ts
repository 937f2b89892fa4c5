import { closeSync, readSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { type Libc, loadLibc } from './libc.ts';

/** What happens at the other end of a pseudo-terminal. Called from the event loop, never after `close`. */
export interface PtyEvents {
  /** Somebody opened it. There is no DTR or RTS on a pseudo-terminal: this is the only such edge. */
  opened(): void;
  received(bytes: Uint8Array): void;
  /** Nobody has it open any more. */
  hungUp(): void;
}

/**
 * A real pseudo-terminal: the board's end of the line. Clients open `path`, one after the other, as they would a serial
 * port. It keeps the process alive until it is closed, like a server.
 */
export interface Pty {
  /** `/dev/pts/N`. */
  readonly path: string;
  /** Sends to the client. Dropped while nobody is there, and while the client leaves 64 KiB unread. */
  write(bytes: Uint8Array): void;
  /** Pulls the cable: the client sees its port vanish. Safe to call twice; no event follows. */
  close(): void;
}

/** How soon a client is noticed. It is asked for only while nobody is connected. */
const LOOK_INTERVAL_MS = 20;
const MOST_UNSENT_BYTES = 64 * 1024;

/** Opens a pseudo-terminal. Rejects with UNSUPPORTED where the host has none. */
export async function openPty(events: PtyEvents): Promise<Pty> {
  return startPty(await loadLibc(), events);
}

function startPty(libc: Libc, events: PtyEvents): Pty {
  const { master, path } = libc.openTerminal();
  let stream: ReadStream | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function look(): void {
    const { isOpen, hasBytes } = libc.state(master);
    if (!isOpen && hasBytes) discardInput(master); // somebody came and went: nobody is left to answer
    // A stream closes its descriptor when the client hangs up, and the board has to outlive that: give it a copy.
    const copy = isOpen ? libc.duplicate(master) : undefined;
    if (copy === undefined) timer = setTimeout(look, LOOK_INTERVAL_MS);
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
      if (stream && !stream.destroyed && stream.writableLength < MOST_UNSENT_BYTES) stream.write(bytes);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(timer);
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
    // EIO: empty, and still nobody there. EAGAIN: empty, and somebody has just come.
  }
}
