import { diag } from '@opentelemetry/api';
import { SerialPort } from 'serialport';
import { openError } from './openError.ts';
import type { Transport, TransportListener } from './transport.ts';

// As in the vendor's application. Native USB CDC ignores it, as does a pseudo-terminal.
const baudRate = 115_200;

/** A serial port of this machine, through `serialport`: exclusive among its users (advisory lock), DTR and RTS on. */
export function serialTransport(path: string): Transport {
  // autoOpen off: otherwise the port opens before there is a listener, and an error is lost.
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  let isWatched = false;

  function watch(listener: TransportListener): void {
    isWatched = true;
    port.on('data', (bytes: Buffer) => listener.data(bytes));
    // An unplugged port emits `close` once or twice, or `error` at the next write. The first of them counts.
    const end = (error?: Error | null) => {
      if (!isWatched) return;
      isWatched = false;
      listener.closed(error ?? undefined);
    };
    port.on('close', end);
    port.on('error', end);
  }

  return {
    path,
    async open(listener) {
      await done((callback) => port.open(callback)).catch((error: Error) => {
        throw openError(path, error);
      });
      watch(listener);
      await done((callback) => port.set({ dtr: true, rts: true }, callback)).catch((error: Error) => {
        // ENOTTY: a pseudo-terminal has no modem lines.
        diag.debug(`${path}: DTR and RTS could not be set (${error.message})`);
      });
    },
    flush: () => done((callback) => port.flush(callback)),
    write: (bytes) => done((callback) => port.write(Buffer.from(bytes), callback)),
    async close() {
      isWatched = false;
      if (port.isOpen) {
        // Rejects when the device was unplugged at this moment. Then the port is closed, as requested.
        await done((callback) => port.close(callback)).catch(() => undefined);
      }
    },
  };
}

function done(call: (callback: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}
