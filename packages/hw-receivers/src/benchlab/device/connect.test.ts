import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { boardAnswer } from '../../testing/boardAnswer.suite.ts';
import { MemoryPort } from '../../testing/memoryPort.suite.ts';
import { contractFor, fromHex, sensorVector } from '../contract/vectors.suite.ts';
import { type BoardInfo, connectBoard, type PortOptions } from './connect.ts';
import type { Host } from './host.ts';

const frame = fromHex(sensorVector('orig-typical').frame_hex);

async function infoOf(path: string, uid: string, options: PortOptions = {}): Promise<BoardInfo> {
  const clock = new ManualClock();
  const port = new MemoryPort(boardAnswer({ contract: contractFor({}), frame, uid }));
  const host: Host = {
    sysfs: '/nowhere',
    transport: port.transport,
    node: (link) => ({
      realPath: link === '/tmp/board0' ? '/dev/pts/3' : link,
      isPseudoTerminal: link !== '/dev/ttyACM0',
      enumeration: '1',
    }),
  };
  const connecting = connectBoard(path, options, host, clock);
  await clock.advanceMs(500);
  const { info, exchange } = await connecting;
  await exchange.close();
  return info;
}

const realUid = '3A0025000B51383239373834';
const simulatedUid = '53494D110000000000000001';

test.each([
  ['a real board on USB', '/dev/ttyACM0', realUid, {}, false],
  ['the emulator’s UID, wherever it comes from', '/dev/ttyACM0', simulatedUid, {}, true],
  ['a pseudo-terminal', '/dev/pts/3', realUid, {}, true],
  ['a link to a pseudo-terminal', '/tmp/board0', realUid, {}, true],
  ['a pseudo-terminal that is a declared bridge', '/dev/pts/3', realUid, { bridges: ['/dev/pts/3'] }, false],
  ['a link to a declared bridge', '/tmp/board0', realUid, { bridges: ['/dev/pts/3'] }, false],
  ['another pseudo-terminal than the declared bridge', '/dev/pts/4', realUid, { bridges: ['/dev/pts/3'] }, true],
  ['the emulator’s UID on a declared bridge', '/dev/pts/3', simulatedUid, { bridges: ['/dev/pts/3'] }, true],
] as const)('%s', async (_, path, uid, options, expected) => {
  expect((await infoOf(path, uid, options)).simulated).toBe(expected);
});

test.each([
  [
    'of an emulated bench is the mean since the sample before',
    simulatedUid,
    { kind: 'mean', seconds: 'since the sample before' },
  ],
  ['of an emulated bench that answers with instants is an instant', '53494D110100000000000001', { kind: 'instant' }],
  ['of an emulator that this version does not know is not stated', '53494D11FF00000000000001', undefined],
  ['of a real board is not stated', realUid, undefined],
] as const)('the power %s', async (_, uid, aperture) => {
  expect((await infoOf('/dev/ttyACM0', uid)).aperture).toEqual(aperture);
});

test('a connection that is aborted while it is made closes the port', async () => {
  const clock = new ManualClock();
  const port = new MemoryPort(() => []);
  const host: Host = { sysfs: '/nowhere', transport: port.transport, node: () => undefined };
  const abort = new AbortController();
  const connecting = connectBoard('/dev/a', {}, host, clock, abort.signal).catch((error: unknown) => error);
  await clock.advanceMs(50);
  abort.abort();
  expect(await connecting).toMatchObject({ code: 'BOARD_LOST' });
  expect([port.isOpen, clock.pending, port.written]).toEqual([false, 0, []]);
});
