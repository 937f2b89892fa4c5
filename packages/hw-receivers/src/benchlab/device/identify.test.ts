import type { BenchlabError } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { boardAnswer } from '../../testing/boardAnswer.suite.ts';
import { type Answer, MemoryPort } from '../../testing/memoryPort.suite.ts';
import { contractOf, contracts } from '../contract/contract.ts';
import { contractFor, fromHex, sensorVector } from '../contract/vectors.suite.ts';
import { Exchange } from '../wire/exchange.ts';
import { AnotherProduct, type Identity, identify } from './identify.ts';

const frame = fromHex(sensorVector('orig-typical').frame_hex);
const good = boardAnswer({ contract: contractFor({}), frame });
const welcome32 = fromHex('42454e43484c4142'.padEnd(64, '0'));
const text = (value: string) => new TextEncoder().encode(value);
/** The board with some replies replaced, by request in hexadecimal. */
const except =
  (replies: Record<string, readonly Uint8Array[]>, base: Answer = good): Answer =>
  (request) =>
    replies[Buffer.from(request).toString('hex')] ?? base(request);

/** @param stray comes before each request */
async function run(answer: Answer, greeting: readonly Uint8Array[] = [], assume?: number, stray?: Uint8Array) {
  const clock = new ManualClock();
  const port = new MemoryPort(answer);
  port.greeting = greeting;
  const flush = async () => stray && port.send(stray);
  const exchange = new Exchange({ ...port.transport('/dev/bench'), ...(stray && { flush }) }, clock);
  await exchange.open();
  let error: BenchlabError | undefined;
  let identity: Identity | undefined;
  const running = identify(exchange, '/dev/bench', assume).then(
    (value) => {
      identity = value;
    },
    (thrown: BenchlabError) => {
      error = thrown;
    },
  );
  await clock.advanceMs(9000);
  await running;
  return { identity, error, written: port.written, clock };
}

test.each(contracts)(
  '$product firmware $firmware is identified with reads only, in the only safe order',
  async (contract) => {
    const { identity, written } = await run(boardAnswer({ contract, frame }));
    expect(identity).toEqual({
      contract,
      firmware: contract.firmware,
      uid: '3A0025000B51383239373834',
      name: 'bench-rig-07',
    });
    expect(written).toEqual(['00', '0e', '0d', '03']);
  },
);

test('nothing is sent while the port may still announce itself', async () => {
  const clock = new ManualClock();
  const port = new MemoryPort(good);
  const exchange = new Exchange(port.transport('/dev/bench'), clock);
  await exchange.open();
  const identity = identify(exchange, '/dev/bench');
  await clock.advanceMs(99);
  expect(port.written).toEqual([]);
  await clock.advanceMs(100);
  expect((await identity).firmware).toBe(6);
});

test.each(['ElmorLabs PMD2\r\n', 'WireView Pro II', 'PMD2', 'Marlin 2.1 ready'])(
  'a port that announces itself as %s gets no byte',
  async (announcement) => {
    const { error, written } = await run(good, [text(announcement)]);
    expect(error).toMatchObject({ code: 'NOT_A_BENCHLAB' });
    expect(error?.message).toContain(announcement.trim());
    expect(written).toEqual([]);
  },
);

test.each([
  ['its own welcome', [welcome32]],
  ['its own welcome in pieces', [welcome32.subarray(0, 5), welcome32.subarray(5)]],
  ['the tail of a welcome', [welcome32.subarray(2)]],
  ['stale bytes', [fromHex('424c41420000ff')]],
  ['left-over bytes of a frame', [frame.subarray(40)]],
])('a board that greets with %s is identified', async (_, greeting) => {
  const { identity } = await run(good, greeting);
  expect(identity?.name).toBe('bench-rig-07');
});

test('a welcome that is pushed late, right before the answer, is recognised', async () => {
  const twice = await run(except({ '00': [welcome32, welcome32] }));
  expect(twice.identity?.uid).toBe('3A0025000B51383239373834');
  const before = await run(except({ '0e': [welcome32, fromHex('ee1006')] }));
  expect(before.identity?.firmware).toBe(6);
});

test('a board that is named BENCHLAB keeps its name, and a late welcome is not mistaken for one', async () => {
  const named = boardAnswer({ contract: contractFor({}), frame, name: 'BENCHLAB' });
  expect((await run(named)).identity?.name).toBe('BENCHLAB');
  const name = Buffer.alloc(32).fill('rig', 0, 3);
  expect((await run(except({ '03': [welcome32, name] }))).identity?.name).toBe('rig');
});

test.each([
  ['nothing', [], 'NO_REPLY'],
  ['half a welcome', [text('BENC')], 'NOT_A_BENCHLAB'],
  ['another name', [text('ElmorLabs PMD2\0')], 'NOT_A_BENCHLAB'],
  ['nine bytes without the NUL', [text('BENCHLAB!')], 'NOT_A_BENCHLAB'],
  ['thirteen bytes', [text('BENCHLAB\0\0\0\0\0')], 'NOT_A_BENCHLAB'],
  ['garbage', [new Uint8Array(32).fill(0xa5)], 'NOT_A_BENCHLAB'],
  ['endless bytes', [new Uint8Array(2000)], 'NOT_A_BENCHLAB'],
] as const)(
  'a device that answers the welcome request with %s is refused and gets no second byte',
  async (_, reply, code) => {
    const { error, written, clock } = await run(except({ '00': reply }));
    expect(error?.code).toBe(code);
    expect(written).toEqual(['00']);
    expect(clock.pending).toBe(0);
  },
);

test.each([
  ['PMD2', 'ee1500'],
  ['WireView Pro II', 'ef0500'],
  ['another vendor', '001006'],
])('vendor data of %s is refused and nothing more is sent', async (_, reply) => {
  const { error, written } = await run(except({ '0e': [fromHex(reply)] }));
  expect(error?.code).toBe('NOT_A_BENCHLAB');
  expect(written).toEqual(['00', '0e']);
});

test('unpublished firmware is refused with a message that names it and the option to read it', async () => {
  const { error, written } = await run(except({ '0e': [fromHex('ee1109')] }));
  expect(error?.code).toBe('UNKNOWN_FIRMWARE');
  expect(error?.message).toContain('BENCHLAB 2 with firmware 9');
  expect(error?.message).toContain('--assume-firmware');
  // Once more, because one garbled reply must not refuse a board.
  expect(written).toEqual(['00', '0e', '0e']);
});

test.each([
  ['one garbled firmware', ['ee1049', 'ee1006'], { firmware: 6 }],
  ['two garbled firmwares', ['ee1049', 'ee1048', 'ee1006'], undefined],
] as const)('a board that answers with %s and then with its own is not refused for good', async (_, replies, known) => {
  let reads = 0;
  const answer: Answer = (request) =>
    Buffer.from(request).toString('hex') === '0e' ? [fromHex(replies[reads++] ?? 'ee1006')] : good(request);
  const { identity, error } = await run(answer);
  if (known === undefined) expect(error?.code).toBe('BAD_REPLY');
  else expect(identity).toMatchObject(known);
});

test('unpublished firmware is read as the assumed one, and is marked', async () => {
  const { identity } = await run(except({ '0e': [fromHex('ee1109')] }), [], 7);
  expect(identity).toMatchObject({ firmware: 9, assumedFirmware: 7, contract: contractOf(0x11, 7) });
});

test('an assumption does not override a published firmware, and does not help where the product has no such firmware', async () => {
  const published = (await run(good, [], 3)).identity;
  expect(published).toMatchObject({ firmware: 6, contract: { firmware: 6 } });
  expect(published).not.toHaveProperty('assumedFirmware');
  expect((await run(except({ '0e': [fromHex('ee1009')] }), [], 7)).error?.code).toBe('UNKNOWN_FIRMWARE');
});

test.each(['0e', '0d', '03'])('silence after %s is a refusal', async (opcode) => {
  const { error, written } = await run(except({ [opcode]: [] }));
  expect(error?.code).toBe('NO_REPLY');
  expect(written.at(-1)).toBe(opcode);
});

test('a name that was never written is empty', async () => {
  const { identity } = await run(except({ '03': [new Uint8Array(32).fill(0xff)] }));
  expect(identity?.name).toBe('');
});

/** Each reply that `at` names comes once with these bytes before or after it, and then as it is. */
function once(at: string, torn: (reply: Uint8Array) => readonly Uint8Array[]): Answer {
  let isDone = false;
  return (request) => {
    const reply = good(request);
    if (isDone || Buffer.from(request).toString('hex') !== at) return reply;
    isDone = true;
    return torn(reply[0] ?? new Uint8Array(0));
  };
}

test.each(
  ['0e', '0d', '03'].flatMap((opcode) => [
    [opcode, 'three bytes before it', (reply: Uint8Array) => [Buffer.concat([text('LGH'), reply])]] as const,
    [opcode, 'bytes after it', (reply: Uint8Array) => [reply, text('LGH')]] as const,
    [opcode, 'its first half missing', (reply: Uint8Array) => [reply.subarray(1)]] as const,
    [opcode, 'itself twice', (reply: Uint8Array) => [reply, reply]] as const,
  ]),
)('a reply to %s with %s is asked again: no stray byte is part of a name, a UID or a firmware', async (at, _, torn) => {
  const { identity } = await run(once(at, torn));
  expect(identity).toMatchObject({ firmware: 6, uid: '3A0025000B51383239373834', name: 'bench-rig-07' });
});

test('a reply that has another length each time is not believed', async () => {
  const name = Buffer.concat([text('LGH'), Buffer.alloc(32).fill('rig', 0, 3)]);
  const { error, written } = await run(except({ '03': [name] }));
  expect(error?.code).toBe('BAD_REPLY');
  expect(written).toEqual(['00', '0e', '0d', '03', '03', '03']);
});

test.each([
  ['another product that announces itself', good, [text('ElmorLabs PMD2')], true],
  ['another product by its welcome', except({ '00': [text('ElmorLabs PMD2\0')] }), [], true],
  ['another product by its vendor data', except({ '0e': [fromHex('ee1500')] }), [], true],
  ['a garbled welcome', except({ '00': [new Uint8Array(32).fill(0xa5)] }), [], false],
  ['vendor data that no product has', except({ '0e': [fromHex('001006')] }), [], false],
] as const)('%s', async (_, answer, greeting, isAnnounced) => {
  const { error } = await run(answer, greeting);
  expect(error?.code).toBe('NOT_A_BENCHLAB');
  expect(error instanceof AnotherProduct).toBe(isAnnounced);
});

/** Each READ_NAME gets the next of these names, the last one again. */
function namesInTurn(...names: readonly string[]): Answer {
  let reads = 0;
  return (request) => {
    if (Buffer.from(request).toString('hex') !== '03') return good(request);
    return [Buffer.alloc(32).fill(names[Math.min(reads++, names.length - 1)] ?? '', 0, 6)];
  };
}

test('while stray bytes come, a name counts that two reads have, also when another came between them', async () => {
  const stray = text('LGH');
  expect((await run(namesInTurn('rig-07'), [], undefined, stray)).identity?.name).toBe('rig-07');
  expect((await run(namesInTurn('rig-07', 'Xig-07', 'rig-07'), [], undefined, stray)).identity?.name).toBe('rig-07');
  expect((await run(namesInTurn('Xig-07'))).identity?.name).toBe('Xig-07');
});

test('while stray bytes come and each read has another name, no name is believed', async () => {
  const { identity, error } = await run(namesInTurn('rig-07', 'Xig-07', 'riY-07'), [], undefined, text('LGH'));
  expect(identity).toBeUndefined();
  expect(error).toMatchObject({ code: 'BAD_REPLY' });
});

test('while stray bytes come, firmware that differs from read to read is not believed either', async () => {
  const firmwares = ['ee1006', 'ee1003', 'ee1006'];
  let reads = 0;
  const answer: Answer = (request) =>
    Buffer.from(request).toString('hex') === '0e' ? [fromHex(firmwares[reads++ % 3] ?? '')] : good(request);
  expect((await run(answer, [], undefined, text('LGH'))).identity?.firmware).toBe(6);
});
