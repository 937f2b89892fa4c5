import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchlabError, OptionError } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { opcode } from '@benchlab-otel/hw-receivers/protocol';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { constantBench } from './bench/bench.ts';
import { encodeSensors } from './board/encode.ts';
import type { LineFault } from './board/fault.ts';
import { type EmulatedBoard, type EmulatorOptions, emulateBoard } from './emulateBoard.ts';

const boards: EmulatedBoard[] = [];
const clients: Client[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const board of boards.splice(0)) await board.close();
});

async function plugIn(options: EmulatorOptions = {}): Promise<EmulatedBoard> {
  const board = await emulateBoard({ bench: constantBench(), ...options });
  boards.push(board);
  return board;
}

/** A client that does no more than serialport does: opens, writes, collects what comes. */
class Client {
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
    clients.push(client);
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

async function until(isTrue: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error(`This was not so within 10 s: ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The board has a stream only while a client is connected. */
const hasClient = () => process.getActiveResourcesInfo().includes('TTYWrap');

const sensors = [opcode.READ_SENSORS];

describe('a board on a pseudo-terminal', () => {
  it('answers a serial port client with the frame of its bench', async () => {
    const board = await plugIn({ product: 'original', firmware: 2 });
    const client = await Client.open(board.path);
    const reply = await client.ask(sensors, 216);
    const expected = encodeSensors(board.contract, constantBench()(0), undefined, 0xa5);
    expect(reply.toString('hex')).toBe(Buffer.from(expected).toString('hex'));
  });

  it('identifies itself as simulated', async () => {
    const board = await plugIn({ serial: 7, name: 'rig A' });
    const client = await Client.open(board.path);
    await client.take(32);
    expect((await client.ask([opcode.READ_VENDOR_DATA], 3)).toString('hex')).toBe('ee1107');
    expect((await client.ask([opcode.READ_UID], 12)).toString('hex').toUpperCase()).toBe(board.uid);
    expect((await client.ask([opcode.READ_NAME], 32)).toString('latin1').replaceAll('\0', '')).toBe('rig A');
    expect(board.uid).toBe('53494D110000000000000007');
    expect(board.requests).toEqual(['0e', '0d', '03']);
  });

  it('pushes its welcome when it is opened, and again for the next client', async () => {
    const board = await plugIn({ product: 'original', firmware: 5 });
    for (let turn = 0; turn < 2; turn++) {
      const client = await Client.open(board.path);
      expect((await client.take(32)).toString('latin1')).toMatch(/^BENCHLAB\0{24}$/);
      await client.close();
      await until(() => !hasClient());
    }
  });

  it('sends nothing without a request with older firmware', async () => {
    const board = await plugIn({ product: 'bl2', firmware: 5 });
    const client = await Client.open(board.path);
    await client.expectNothingBefore(board);
    expect((await client.ask([opcode.WELCOME], 9)).toString('latin1')).toBe('BENCHLAB\0');
  });

  it('discards what clients leave behind that close without waiting for a reply', async () => {
    const clock = new ManualClock();
    const board = await plugIn({ product: 'original', firmware: 2, clock });
    for (let turn = 0; turn < 3; turn++) {
      const descriptor = openSync(board.path, constants.O_RDWR | constants.O_NOCTTY);
      closeSync(descriptor);
      writeFileSync(board.path, Buffer.of(opcode.READ_SENSORS)); // opens, writes, closes: no client waits for the reply
    }
    await clock.advanceMs(20); // the board looks for a client
    const client = await Client.open(board.path);
    await clock.advanceMs(20);
    await client.expectNothingBefore(board);
    expect(board.requests).toEqual(['0d']);
    expect((await client.ask(sensors, 216)).length).toBe(216);
  });

  it('vanishes when it is unplugged, and a second unplugging changes nothing', async () => {
    const board = await plugIn();
    const node = nodeAt(board.path);
    const client = await Client.open(board.path);
    await client.take(32);
    await client.ask(sensors, 384);
    board.unplug();
    board.unplug();
    // serialport notices a line that vanished during its read only when it writes: its read returns 0 bytes, again and again.
    client.send(sensors);
    await until(() => client.isLost);
    // The kernel gives the number of the terminal away again: a path that exists by now is that of another program.
    await until(() => nodeAt(board.path) !== node);
  });

  it('leaves no handle, timer or descriptor behind', async () => {
    const warmUp = await emulateBoard(); // loads the native libraries
    await warmUp.close();
    const before = leftovers();
    const board = await emulateBoard({ fault: 'never-ending' });
    const client = await Client.open(board.path);
    await client.ask(sensors, 500);
    await client.close();
    const idle = await emulateBoard();
    await Promise.all([board.close(), board.close(), idle.close()]);
    await until(() => leftovers() === before);
  });
});

/** Identifies a device node: the same path may be another terminal later. */
function nodeAt(path: string): string | undefined {
  const node = statSync(path, { bigint: true, throwIfNoEntry: false });
  return node && `${node.rdev}:${node.ino}:${node.birthtimeNs}:${node.ctimeNs}`;
}

function leftovers(): string {
  const handles = process.getActiveResourcesInfo().filter((kind) => kind === 'TTYWrap');
  const terminals = readdirSync('/proc/self/fd').map((fd) => linkText(`/proc/self/fd/${fd}`));
  return [...handles, ...terminals.filter((target) => /pt[ms]/.test(target))].sort().join();
}

function linkText(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

describe('a line with a fault', () => {
  const replyBytes = 216;

  async function openWith(fault: LineFault, more: EmulatorOptions = {}) {
    const board = await plugIn({ product: 'original', firmware: 2, fault, ...more });
    return { board, client: await Client.open(board.path) };
  }

  /** The same on a clock that stands still until the test moves it. The board has noticed its client. */
  async function openOnClock(fault: LineFault) {
    const clock = new ManualClock();
    const { board, client } = await openWith(fault, { clock });
    await clock.advanceMs(20);
    return { board, client, clock };
  }

  it('short: lacks one byte', async () => {
    const { board, client } = await openWith('short');
    await client.ask(sensors, replyBytes - 1);
    await client.expectNothingBefore(board);
  });

  it('late: answers when a reader no longer waits, and after the next request twice', async () => {
    const { board, client, clock } = await openOnClock('late');
    client.send(sensors);
    await client.expectNothingBefore(board);
    await clock.advanceMs(699);
    board.fault = undefined;
    await client.ask(sensors, replyBytes);
    await client.expectNothingBefore(board);
    await clock.advanceMs(1);
    await client.take(replyBytes);
    await client.expectNothingBefore(board);
  });

  it('split: comes whole in the end', async () => {
    const { client } = await openWith('split');
    const expected = encodeSensors(
      (await plugIn({ product: 'original', firmware: 2 })).contract,
      constantBench()(0),
      undefined,
      0xa5,
    );
    expect(Buffer.compare(await client.ask(sensors, replyBytes), expected)).toBe(0);
  });

  it('garbage: has the right length and never the same content', async () => {
    const { client } = await openWith('garbage');
    const first = await client.ask(sensors, replyBytes);
    const second = await client.ask(sensors, replyBytes);
    expect(first.equals(second)).toBe(false);
    expect(client.rest).toBe(0);
  });

  it('stale: leaves seven bytes for a reader that does not drain', async () => {
    const { client } = await openWith('stale');
    const reply = await client.ask(sensors, replyBytes + 7);
    expect(reply.subarray(replyBytes).toString('hex')).toBe('424c41420000ff');
  });

  it('unplug: goes with the twentieth request', async () => {
    const { client } = await openWith('unplug');
    for (let request = 1; request < 20; request++) await client.ask(sensors, replyBytes);
    client.send(sensors);
    await until(() => client.isLost);
    expect(client.rest).toBeLessThan(replyBytes);
  });

  it('wrong-product, wrong-welcome and future-firmware: identify as something else and measure as before', async () => {
    const { board, client } = await openWith('wrong-product');
    expect((await client.ask([opcode.READ_VENDOR_DATA], 3)).toString('hex')).toBe('ee1500');
    board.fault = 'future-firmware';
    expect((await client.ask([opcode.READ_VENDOR_DATA], 3)).toString('hex')).toBe('ee1008');
    board.fault = 'wrong-welcome';
    expect((await client.ask([opcode.WELCOME], 5)).toString('latin1')).toBe('PMD2\0');
    expect((await client.ask(sensors, replyBytes)).length).toBe(replyBytes);
  });

  it('silence: answers nothing, not even with the firmware that pushes its welcome', async () => {
    const board = await plugIn({ fault: 'silence' });
    const client = await Client.open(board.path);
    client.send([opcode.WELCOME]);
    await until(() => board.requests.length === 1);
    board.fault = undefined;
    await client.expectNothingBefore(board);
  });

  it('greeting: another product announces itself', async () => {
    const { client } = await openWith('greeting');
    expect((await client.take(5)).toString('latin1')).toBe('PMD2\0');
  });

  it('never-ending: continues until the next request', async () => {
    const { board, client, clock } = await openOnClock('never-ending');
    client.send(sensors);
    await client.take(replyBytes);
    await clock.advanceMs(20); // a piece of 64 bytes every 2 ms
    await client.take(10 * 64);
    board.fault = undefined;
    await clock.advanceMs(20);
    await client.ask(sensors, replyBytes);
    await client.expectNothingBefore(board);
  });
});

describe('connector faults', () => {
  it('set the live bit, and leave the latched one when they go', async () => {
    const board = await plugIn({ connectorFaults: ['FAULT_OCP_HPWR1'] });
    const client = await Client.open(board.path);
    await client.take(32);
    const words = async (): Promise<bigint[]> => {
      const frame = await client.ask(sensors, 384);
      return [frame.readBigUInt64LE(368), frame.readBigUInt64LE(376)];
    };
    expect(await words()).toEqual([1n << 18n, 1n << 18n]);
    board.connectorFaults = ['FAULT_CURRENT_IMBALANCE_HPWR2'];
    expect(await words()).toEqual([1n << 33n, (1n << 33n) | (1n << 18n)]);
    board.connectorFaults = [];
    expect(await words()).toEqual([0n, (1n << 33n) | (1n << 18n)]);
  });

  it('are refused with the valid names when they are unknown or the product has none', async () => {
    await expect(emulateBoard({ connectorFaults: ['FAULT_NONE'] })).rejects.toThrow(/FAULT_NONE.*FAULT_OCP_HPWR1/);
    const original = emulateBoard({ product: 'original', connectorFaults: ['FAULT_OCP_HPWR1'] });
    await expect(original).rejects.toThrow(/empty, because .*ORIGINAL firmware 6 has no fault words.*FAULT_OCP_HPWR1/);
    await expect(original).rejects.toMatchObject({ message: expect.stringMatching(/^.{1,250}$/) });
    const board = await plugIn();
    expect(() => {
      board.connectorFaults = ['nonsense'];
    }).toThrow(OptionError);
  });
});

describe('options', () => {
  it.each<[EmulatorOptions, RegExp]>([
    [{ firmware: 9 }, /firmware is 9. It must be a published firmware of bl2: one of 3, 4, 5, 6, 7/],
    [{ aperture: 'median' as 'mean' }, /aperture is "median"/],
    [{ serial: -1 }, /serial is -1. It must be a whole number from 0 to 4294967295/],
    [{ name: 'n'.repeat(32) }, /name is .*It must be a text of at most 31 bytes/],
    [{ fault: 'fire' as LineFault }, /fault is "fire". It must be one of short, late/],
    [{ product: 'bl3' as 'bl2' }, /product is "bl3". It must be one of original, bl2/],
  ])('%o is refused by name', async (options, message) => {
    await expect(emulateBoard(options)).rejects.toThrow(message);
  });
});

describe('a link to the terminal', () => {
  let folder: string;
  const makeFolder = (): string => {
    folder = mkdtempSync(join(tmpdir(), 'benchlab-link-'));
    return folder;
  };
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is there while the board is, and a client may open it', async () => {
    const link = join(makeFolder(), 'benchlab0');
    const board = await plugIn({ product: 'original', firmware: 2, link });
    expect(board.path).toBe(link);
    const client = await Client.open(link);
    expect((await client.ask(sensors, 216)).length).toBe(216);
    board.unplug();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replaces what a killed run left behind', async () => {
    const link = join(makeFolder(), 'benchlab0');
    symlinkSync('/dev/pts/999999', link);
    const board = await plugIn({ link });
    expect(readlinkSync(board.path)).toMatch(/^\/dev\/pts\/\d{1,5}$/);
    await board.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('never replaces a file, a link to something else or the link of another board', async () => {
    const file = join(makeFolder(), 'precious');
    writeFileSync(file, 'kept');
    const strange = join(folder, 'strange');
    symlinkSync(file, strange);
    const taken = join(folder, 'taken');
    await plugIn({ link: taken });
    for (const link of [file, strange, taken]) {
      const error = await emulateBoard({ link }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(BenchlabError);
      expect(error).toMatchObject({ code: 'PORT_IN_USE' });
    }
    expect(readFileSync(strange, 'utf8')).toBe('kept');
    expect(readlinkSync(taken)).toMatch(/^\/dev\/pts\//);
  });

  it('goes with the process where the board was not closed', async () => {
    const before = process.listeners('exit');
    const link = join(makeFolder(), 'benchlab0');
    await plugIn({ link });
    const [atExit] = process.listeners('exit').filter((listener) => !before.includes(listener));
    atExit?.(0);
    expect(readdirSync(folder)).toEqual([]);
    expect(process.listeners('exit')).toEqual(before);
  });

  it('is left alone where another program has replaced it', async () => {
    const link = join(makeFolder(), 'benchlab0');
    const board = await plugIn({ link });
    rmSync(link);
    writeFileSync(link, 'theirs');
    await board.close();
    expect(readFileSync(link, 'utf8')).toBe('theirs');
  });

  it('in a folder that does not exist is refused with the reason', async () => {
    const error = emulateBoard({ link: join(makeFolder(), 'nowhere', 'benchlab0') });
    await expect(error).rejects.toMatchObject({ code: 'BAD_OPTION', message: expect.stringContaining('ENOENT') });
  });
});
