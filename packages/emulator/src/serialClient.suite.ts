import { opcode } from '@benchlab-otel/hw-receivers/protocol';
import { SerialPort } from 'serialport';
import { expect, onTestFinished } from 'vitest';
import { constantBench } from './bench/bench.ts';
import { type EmulatedBoard, type EmulatorOptions, emulateBoard } from './emulateBoard.ts';

/** A board that is unplugged after the test. */
export async function plugIn(options: EmulatorOptions = {}): Promise<EmulatedBoard> {
  const board = await emulateBoard({ bench: constantBench(), ...options });
  onTestFinished(() => board.close());
  return board;
}

/** A client that does no more than serialport does: opens, writes, collects what comes. */
export class Client {
  isLost = false;
  #received: Buffer = Buffer.alloc(0);
  readonly #port: SerialPort;

  constructor(port: SerialPort) {
    this.#port = port;
    port.on('data', (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes]);
    });
    port.on('close', () => {
      this.isLost = true;
    });
    port.on('error', () => {
      this.isLost = true;
    });
  }

  static async open(path: string): Promise<Client> {
    const port = new SerialPort({ path, baudRate: 115200, autoOpen: false });
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    const client = new Client(port);
    onTestFinished(() => client.close());
    return client;
  }

  send(request: readonly number[]): void {
    this.#port.write(Buffer.from(request));
  }

  /** Waits for that number of bytes and takes them, in the order in which they came. */
  async take(bytes: number): Promise<Buffer> {
    await until(() => this.#received.length >= bytes);
    const taken = this.#received.subarray(0, bytes);
    this.#received = this.#received.subarray(bytes);
    return taken;
  }

  ask(request: readonly number[], bytes: number): Promise<Buffer> {
    this.send(request);
    return this.take(bytes);
  }

  /**
   * Nothing is on its way: the next bytes are the reply to a further request. A line keeps the order of its bytes, so this
   * needs no waiting time.
   */
  async expectNothingBefore(board: EmulatedBoard): Promise<void> {
    expect((await this.ask([opcode.READ_UID], 12)).toString('hex').toUpperCase()).toBe(board.uid);
    expect(this.#received.length).toBe(0);
  }

  /** Bytes that came and were not taken. */
  get rest(): number {
    return this.#received.length;
  }

  async close(): Promise<void> {
    if (this.#port.isOpen) await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }
}

export async function until(isTrue: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error(`This was not so within 10 s: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The request for a frame. */
export const sensors = [opcode.READ_SENSORS];
