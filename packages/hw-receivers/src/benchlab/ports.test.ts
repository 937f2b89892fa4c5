import { BenchlabError } from '@benchlab-otel/core';
import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { until } from '../testing/rig.suite.ts';
import type { Host } from './device/host.ts';
import { boardPort, good, setUp } from './receiver.suite.ts';
import { benchlabReceiver } from './receiver.ts';

test('a second board with the same UID is refused by name, and is read when the first is gone', async () => {
  const [first, second] = [boardPort(), boardPort()];
  const { clock, receiver, consumer } = setUp({ '/dev/a': first, '/dev/b': second });
  await receiver.start(consumer);
  await clock.advanceMs(300);
  expect(second.isOpen).toBe(false);
  await clock.advanceMs(4700);
  expect(new Set(consumer.samples.map(({ source }) => source.attributes['benchlab.port']))).toEqual(
    new Set(['/dev/a']),
  );
  expect(second.written).not.toContain('01');
  const error = consumer.reports.find(({ outcome }) => outcome === 'partial')?.error;
  expect(error?.code).toBe('DUPLICATE_UID');
  expect(error?.message).toMatch(
    /\/dev\/b has the same UID as the one at \/dev\/a: 3A0025000B51383239373834\. Only \/dev\/a is read\. Name only one/,
  );
  first.unplug();
  first.openError = new BenchlabError('NO_BOARD', 'There is no /dev/a.', 'Check the cable.');
  await clock.advanceMs(5000);
  expect(consumer.samples.at(-1)?.source.attributes['benchlab.port']).toBe('/dev/b');
  await receiver.stop();
});

test('a device of another product is refused once and gets no further byte until it is plugged in again', async () => {
  const stranger = boardPort((request) => (request[0] === 0 ? [new TextEncoder().encode('ElmorLabs PMD2')] : []));
  const { clock, receiver, consumer, replug } = setUp({ '/dev/a': stranger });
  await receiver.start(consumer);
  await clock.advanceMs(20_000);
  expect(stranger.written).toEqual(['00']);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'failure', error: { code: 'NOT_A_BENCHLAB' } });
  await receiver.stop();
  await receiver.start(consumer);
  await clock.advanceMs(5000);
  expect(stranger.written).toEqual(['00']);
  replug('/dev/a');
  await clock.advanceMs(5000);
  expect(stranger.written).toEqual(['00', '00']);
  await receiver.stop();
});

test('a device of another product is asked again when the user asks for it', async () => {
  const stranger = boardPort((request) => (request[0] === 0 ? [new TextEncoder().encode('ElmorLabs PMD2')] : []));
  const { clock, receiver, consumer } = setUp({ '/dev/a': stranger });
  await receiver.start(consumer);
  await clock.advanceMs(5000);
  stranger.answer = good;
  await clock.advanceMs(60_000);
  expect(consumer.samples).toEqual([]);
  receiver.reload?.();
  await clock.advanceMs(3000);
  expect(consumer.samples.length).toBeGreaterThan(0);
  await receiver.stop();
});

test.each([
  ['stray bytes before its first welcome', () => [Uint8Array.of(1, 2, 3, 4), new TextEncoder().encode('BENCHLAB\0')]],
  ['garbage', () => [new Uint8Array(32).fill(0xa5)]],
  ['silence', () => []],
])(
  'a named board that met %s is asked WELCOME again, less and less often, and read when the line is clean',
  async (_, torn) => {
    const port = boardPort(torn);
    const { clock, receiver, consumer } = setUp({ '/dev/a': port });
    await receiver.start(consumer);
    await clock.advanceMs(120_000);
    expect(port.written.length).toBeLessThan(10);
    expect(new Set(port.written)).toEqual(new Set(['00']));
    port.answer = good;
    await clock.advanceMs(62_000);
    expect(consumer.samples.length).toBeGreaterThan(0);
    await receiver.stop();
  },
);

test('a port and a link to it are one device, which is read once', async () => {
  const port = boardPort();
  const clock = new ManualClock();
  const host: Host = {
    sysfs: '/nowhere',
    transport: port.transport,
    node: () => ({ realPath: '/dev/a', isPseudoTerminal: false, enumeration: '1' }),
  };
  const consumer = new Collected();
  const receiver = benchlabReceiver({ ports: ['/dev/link', '/dev/a'], clock, dither: false }, host);
  await receiver.start(consumer);
  await clock.advanceMs(5000);
  expect(port.written.filter((request) => request === '00')).toHaveLength(1);
  expect(new Set(consumer.reports.map(({ outcome }) => outcome))).toEqual(new Set(['success']));
  await receiver.stop();
});

test('a busy port is reported with its fix and tried again, no more than every two seconds', async () => {
  const port = boardPort();
  port.openError = new BenchlabError('PORT_BUSY', '/dev/a is in use.', 'Stop the other process.');
  const { clock, receiver, consumer } = setUp({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(21_000);
  expect(consumer.reports.length).toBeLessThan(13);
  expect(consumer.reports.every(({ outcome, error }) => outcome === 'failure' && error?.code === 'PORT_BUSY')).toBe(
    true,
  );
  port.openError = undefined;
  await clock.advanceMs(2500);
  expect(consumer.samples.length).toBeGreaterThan(0);
  await receiver.stop();
});

test('without ports and without boards a poll is no_data, and its error names the fix', async () => {
  const clock = new ManualClock();
  const consumer = new Collected();
  const host: Host = { sysfs: '/nowhere', transport: () => expect.unreachable(), node: () => undefined };
  const receiver = benchlabReceiver({ clock }, host);
  await receiver.start(consumer);
  await clock.advanceMs(10);
  await until(() => consumer.reports.length > 0); // reads of the file system are not on the manual clock
  expect(consumer.reports).toMatchObject([{ outcome: 'no_data', error: { code: 'NO_BOARD' } }]);
  await receiver.stop();
});
