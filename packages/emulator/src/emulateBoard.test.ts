import { closeSync, constants, openSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { OptionError } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { opcode } from '@benchlab-otel/hw-receivers/protocol';
import { describe, expect, it } from 'vitest';
import { constantBench } from './bench/bench.ts';
import { encodeSensors } from './board/encode.ts';
import type { LineFault } from './board/fault.ts';
import { type EmulatorOptions, emulateBoard } from './emulateBoard.ts';
import { Client, plugIn, sensors, until } from './serialClient.suite.ts';

/** The board has a stream only while a client is connected. */
const hasClient = () => process.getActiveResourcesInfo().includes('TTYWrap');

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
