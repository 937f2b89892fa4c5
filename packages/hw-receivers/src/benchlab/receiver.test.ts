import { OptionError } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { boardAnswer } from '../testing/boardAnswer.suite.ts';
import { bl2, boardPort, frame, identifyMs, setUp, uid } from './receiver.suite.ts';
import { benchlabReceiver } from './receiver.ts';

test('a board is found and read at its rate, by absolute deadlines and with reads only', async () => {
  const port = boardPort();
  const { clock, receiver, consumer } = setUp({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs);
  const before = consumer.samples.length;
  await clock.advanceMs(1000);
  expect(consumer.samples.length - before).toBe(20);
  const times = consumer.samples.map((sample) => sample.timeNs);
  expect(new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toEqual(new Set([50e6]));
  expect(new Set(port.written)).toEqual(new Set(['00', '0e', '0d', '03', '01']));
  expect(consumer.reports.every((report) => report.outcome === 'success' && report.receiver === 'benchlab')).toBe(true);
  await receiver.stop();
});

test.each([
  ['by up to half a period at random, because the vendor does not state what its power stands for', uid, {}, true],
  ['on time where the option switches the dither off', uid, { dither: false }, false],
  ['by up to half a period where an emulated one answers with instants', '53494D110100000000000001', {}, true],
  ['on time where it states that its values are means', '53494D110000000000000001', {}, false],
] as const)('a board is polled %s', async (_, boardUid, options, isMoved) => {
  const fractions = [0.9, 0.2, 0.5, 0, 0.75];
  let drawn = 0;
  const random = () => fractions[drawn++ % fractions.length] ?? 0;
  const port = boardPort(boardAnswer({ contract: bl2, frame, uid: boardUid }));
  const { clock, receiver, consumer } = setUp({ '/dev/a': port }, { dither: true, random, ...options });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 330);
  await receiver.stop();
  const first = consumer.samples[0]?.timeNs ?? 0;
  const offsets = consumer.samples.slice(1, 6).map(({ timeNs }, k) => (timeNs - first) / 1e6 - 50 * (k + 1));
  const moved = [20, -15, 0, -25, 12.5];
  for (const [k, offset] of offsets.entries()) expect(offset).toBeCloseTo(isMoved ? (moved[k] ?? 0) : 0, 6);
  expect(offsets).toHaveLength(5);
});

test('several boards are read side by side, and a silent one does not hold up the other', async () => {
  const other = boardPort(boardAnswer({ contract: bl2, frame, uid: '0102030405060708090A0B0C', name: 'second' }));
  const silent = boardPort(boardAnswer({ contract: bl2, frame, uid: 'FF02030405060708090A0B0C' }));
  const { clock, receiver, consumer } = setUp({ '/dev/a': boardPort(), '/dev/b': other, '/dev/c': silent });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs);
  silent.answer = () => [];
  await clock.advanceMs(1000);
  const countOf = (id: string) => consumer.samples.filter((sample) => sample.source.id === id).length;
  expect(countOf(uid)).toBeGreaterThanOrEqual(20);
  expect(countOf('0102030405060708090A0B0C')).toBe(countOf(uid));
  expect(countOf('FF02030405060708090A0B0C')).toBeLessThan(3);
  await receiver.stop();
});

test('a consumer that throws does not stop the receiver', async () => {
  const { clock, receiver, consumer } = setUp({ '/dev/a': boardPort() });
  let calls = 0;
  consumer.sample = () => {
    calls++;
    throw new Error('not my problem');
  };
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 200);
  expect(calls).toBeGreaterThan(2);
  expect(consumer.losses).toEqual([]);
  await receiver.stop();
});

test.each([0, 60, identifyMs, 400])(
  'stopped after %i ms, nothing more is delivered and no timer is left',
  async (ms) => {
    const port = boardPort();
    const { clock, receiver, consumer } = setUp({ '/dev/a': port });
    await receiver.start(consumer);
    await clock.advanceMs(ms);
    await receiver.stop();
    const counts = [consumer.samples.length, consumer.reports.length];
    expect(clock.pending).toBe(0);
    expect(port.isOpen).toBe(false);
    await clock.advanceMs(1000);
    expect([consumer.samples.length, consumer.reports.length]).toEqual(counts);
    expect(consumer.losses).toEqual([]);
  },
);

test.each([
  [{ dither: 1 as never }, 'dither is 1. It must be true or false.'],
  [{ rateHz: 0 }, 'rateHz is 0. It must be a number from 1 to 100.'],
  [{ rateHz: 101 }, 'rateHz is 101. It must be a number from 1 to 100.'],
  [{ rateHz: Number.NaN }, 'rateHz is NaN.'],
  [{ ports: [] }, 'ports is a list of 0. It must be a list of paths with at least one path'],
  [{ ports: [''] }, 'ports is a list of 1. It must be a list of paths'],
  [{ ports: '/dev/ttyACM0' as unknown as string[] }, 'ports is "/dev/ttyACM0". It must be a list of paths'],
  [{ bridges: [7 as unknown as string] }, 'bridges is a list of 1. It must be a list of paths.'],
  [{ assumeFirmware: 99 }, 'assumeFirmware is 99. It must be a published firmware: one of 2, 3, 4, 5, 6, 7'],
])('%j is refused with the name of the option and what it allows', (options, message) => {
  expect(() => benchlabReceiver(options)).toThrow(OptionError);
  expect(() => benchlabReceiver(options)).toThrow(message);
});
