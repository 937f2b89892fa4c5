import { diag } from '@opentelemetry/api';
import type { SerialPort } from 'serialport';
import { openError } from './openError.ts';
import type { Transport, TransportListener } from './transport.ts';

// As in the vendor's application. Native USB CDC ignores it, as does a pseudo-terminal.
const baudRate = 115_200;

/** A serial port of this machine, through `serialport`: exclusive among its users (advisory lock), DTR and RTS on. */
export function serialTransport(path: string): Transport {
  let made: SerialPort | undefined;
  let isWatched = false;

  function port(): SerialPort {
    if (made === undefined) throw new Error(`${path} was not opened`);
    return made;
  }

  function watch(port: SerialPort, listener: TransportListener): void {
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
      // A host without a board does not load the library, which takes a tenth of the time that a command takes to start.
      const { SerialPort } = await import('serialport');
      // autoOpen off: otherwise the port opens before there is a listener, and an error is lost.
      made ??= new SerialPort({ path, baudRate, autoOpen: false });
      await done((callback) => port().open(callback)).catch((error: Error) => {
        throw openError(path, error);
      });
      watch(port(), listener);
      await done((callback) => port().set({ dtr: true, rts: true }, callback)).catch((error: Error) => {
        // ENOTTY: a pseudo-terminal has no modem lines.
        diag.debug(`${path}: DTR and RTS could not be set (${error.message})`);
      });
    },
    flush: () => done((callback) => port().flush(callback)),
    write: (bytes) => done((callback) => port().write(Buffer.from(bytes), callback)),
    async close() {
      isWatched = false;
      if (made?.isOpen) {
        // Rejects when the device was unplugged at this moment. Then the port is closed, as requested.
        await done((callback) => port().close(callback)).catch(() => undefined);
      }
    },
  };
}

function done(call: (callback: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}
