import { ManualClock } from '@benchlab-otel/core/testing';
import { opcode } from '@benchlab-otel/hw-receivers/protocol';
import { describe, expect, it } from 'vitest';
import { constantBench } from './bench/bench.ts';
import { encodeSensors } from './board/encode.ts';
import type { LineFault } from './board/fault.ts';
import type { EmulatorOptions } from './emulateBoard.ts';
import { Client, plugIn, sensors, until } from './serialClient.suite.ts';

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
