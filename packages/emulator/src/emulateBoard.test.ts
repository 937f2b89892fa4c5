import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
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

/** A client that does no more than serialport does: opens, writes, gathers what comes. */
class Client {
  received: Buffer = Buffer.alloc(0);
  isLost = false;
  readonly #port: SerialPort;

  constructor(port: SerialPort) {
    this.#port = port;
    port.on('data', (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
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

  /** Sends a request and waits for that many bytes; fewer after `withinMs`. */
  async ask(request: readonly number[], bytes: number, withinMs = 1000): Promise<Buffer> {
    this.received = Buffer.alloc(0);
    this.#port.write(Buffer.from(request));
    await until(() => this.received.length >= bytes, withinMs);
    return this.received;
  }

  async close(): Promise<void> {
    if (this.#port.isOpen) await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }
}

async function until(isTrue: () => boolean, withinMs = 1000): Promise<void> {
  for (const end = Date.now() + withinMs; !isTrue() && Date.now() < end; ) await pause(3);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

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
    await until(() => client.received.length === 32);
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
      await until(() => client.received.length === 32);
      expect(client.received.toString('latin1')).toMatch(/^BENCHLAB\0{24}$/);
      await client.close();
      await pause(50); // the board looks for the next client every 20 ms
    }
  });

  it('says nothing of its own accord with older firmware', async () => {
    const board = await plugIn({ product: 'bl2', firmware: 5 });
    const client = await Client.open(board.path);
    await pause(80);
    expect(client.received.length).toBe(0);
    expect((await client.ask([opcode.WELCOME], 9)).toString('latin1')).toBe('BENCHLAB\0');
  });

  it('is not confused by clients that come and go without a word, or with one', async () => {
    const board = await plugIn({ product: 'original', firmware: 2 });
    for (let turn = 0; turn < 3; turn++) {
      const descriptor = openSync(board.path, constants.O_RDWR | constants.O_NOCTTY);
      closeSync(descriptor);
      writeFileSync(board.path, Buffer.of(opcode.READ_SENSORS)); // opens, writes, closes: nobody waits for the reply
    }
    await pause(60);
    const client = await Client.open(board.path);
    expect((await client.ask([opcode.READ_UID], 12)).length).toBe(12);
    expect((await client.ask(sensors, 216)).length).toBe(216);
  });

  it('vanishes when it is unplugged, twice is the same', async () => {
    const board = await plugIn();
    const client = await Client.open(board.path);
    await client.ask(sensors, 384);
    board.unplug();
    board.unplug();
    await until(() => client.isLost);
    expect(client.isLost).toBe(true);
    expect(existsSync(board.path)).toBe(false);
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
    expect(leftovers()).toBe(before);
  });
});

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

  async function openWith(fault: LineFault): Promise<{ board: EmulatedBoard; client: Client }> {
    const board = await plugIn({ product: 'original', firmware: 2, fault });
    return { board, client: await Client.open(board.path) };
  }

  it('short: lacks one byte', async () => {
    const { client } = await openWith('short');
    expect((await client.ask(sensors, replyBytes, 100)).length).toBe(replyBytes - 1);
  });

  it('late: answers after a reader has given up, and with the next request answers twice', async () => {
    const { board, client } = await openWith('late');
    expect((await client.ask(sensors, replyBytes, 500)).length).toBe(0);
    board.fault = undefined;
    expect((await client.ask(sensors, 2 * replyBytes, 500)).length).toBe(2 * replyBytes);
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
    expect([first.length, second.length]).toEqual([replyBytes, replyBytes]);
    expect(first.equals(second)).toBe(false);
  });

  it('stale: leaves seven bytes for a reader that does not drain', async () => {
    const { client } = await openWith('stale');
    const reply = await client.ask(sensors, replyBytes + 7);
    expect(reply.subarray(replyBytes).toString('hex')).toBe('424c41420000ff');
  });

  it('unplug: goes with the twentieth request', async () => {
    const { client } = await openWith('unplug');
    for (let request = 1; request < 20; request++) {
      expect((await client.ask(sensors, replyBytes)).length).toBe(replyBytes);
    }
    expect((await client.ask(sensors, replyBytes, 50)).length).toBeLessThan(replyBytes);
    await until(() => client.isLost);
    expect(client.isLost).toBe(true);
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
    await pause(60);
    expect((await client.ask([opcode.WELCOME], 1, 60)).length).toBe(0);
  });

  it('greeting: another product announces itself', async () => {
    const { client } = await openWith('greeting');
    await until(() => client.received.length >= 5);
    expect(client.received.toString('latin1')).toBe('PMD2\0');
  });

  it('never-ending: goes on until the next request', async () => {
    const { board, client } = await openWith('never-ending');
    expect((await client.ask(sensors, 4 * replyBytes)).length).toBeGreaterThanOrEqual(4 * replyBytes);
    board.fault = undefined;
    await pause(20);
    expect((await client.ask(sensors, replyBytes + 1, 60)).length).toBe(replyBytes);
  });
});

describe('connector faults', () => {
  it('set the live bit, and leave the latched one when they go', async () => {
    const board = await plugIn({ connectorFaults: ['FAULT_OCP_HPWR1'] });
    const client = await Client.open(board.path);
    await until(() => client.received.length === 32);
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
    await expect(original).rejects.toThrow(/ORIGINAL firmware 6 has no fault words.*FAULT_OCP_HPWR1/);
    const board = await plugIn();
    expect(() => {
      board.connectorFaults = ['nonsense'];
    }).toThrow(TypeError);
  });
});

describe('options', () => {
  it.each<[EmulatorOptions, RegExp]>([
    [{ firmware: 9 }, /firmware: 9 of bl2 is not published. There are 3, 4, 5, 6, 7/],
    [{ serial: -1 }, /serial/],
    [{ name: 'n'.repeat(32) }, /name: at most 31 bytes/],
    [{ fault: 'fire' as LineFault }, /fault: there is no line fault fire. There are: short, late/],
    [{ product: 'bl3' as 'bl2' }, /product: there is no bl3/],
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

  it('goes with the process, for a board that nobody closed', async () => {
    const before = process.listeners('exit');
    const link = join(makeFolder(), 'benchlab0');
    await plugIn({ link });
    const [atExit] = process.listeners('exit').filter((listener) => !before.includes(listener));
    atExit?.(0);
    expect(readdirSync(folder)).toEqual([]);
    expect(process.listeners('exit')).toEqual(before);
  });

  it('leaves alone what somebody put in its place', async () => {
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
