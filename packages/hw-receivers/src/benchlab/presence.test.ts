import { BenchlabError } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { boardAnswer } from '../testing/boardAnswer.suite.ts';
import { bl2, boardPort, good, identifyMs, setUp, uid } from './receiver.suite.ts';

test('an unplugged board is reported lost once and at once, and is read again when it is back', async () => {
  const port = boardPort();
  const { clock, receiver, consumer, replug } = setUp({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  port.unplug();
  expect(consumer.losses).toMatchObject([{ source: { id: uid }, error: { code: 'BOARD_LOST' } }]);
  port.openError = new BenchlabError('NO_BOARD', 'There is no /dev/a.', 'Check the cable.');
  const before = consumer.samples.length;
  await clock.advanceMs(5000);
  expect(consumer.samples).toHaveLength(before);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'failure', error: { code: 'NO_BOARD' } });
  port.openError = undefined;
  replug('/dev/a');
  await clock.advanceMs(2500);
  expect(consumer.samples.length).toBeGreaterThan(before);
  expect(consumer.losses).toHaveLength(1);
  await receiver.stop();
});

test('a board that is unplugged while it answers is lost, and its poll is a failure', async () => {
  const port = boardPort();
  const { clock, receiver, consumer } = setUp({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  port.answer = (request) => {
    port.unplug();
    return good(request);
  };
  await clock.advanceMs(60);
  expect(consumer.losses).toHaveLength(1);
  expect(consumer.reports.filter((report) => report.outcome === 'failure')).toMatchObject([
    { error: { code: 'BOARD_LOST' } },
  ]);
  await receiver.stop();
});

test('a board that falls silent is lost after three reads, gives no invented value, and comes back by itself', async () => {
  const port = boardPort();
  const { clock, receiver, consumer } = setUp({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  const before = consumer.samples.length;
  port.answer = () => [];
  await clock.advanceMs(4000);
  expect(consumer.losses).toMatchObject([{ error: { code: 'BOARD_LOST', cause: { code: 'NO_REPLY' } } }]);
  expect(consumer.samples).toHaveLength(before);
  port.answer = good;
  await clock.advanceMs(4000);
  expect(consumer.samples.length).toBeGreaterThan(before);
  await receiver.stop();
});

test('one bad reply is a failed poll and not a loss; the board is identified again before the next read', async () => {
  const port = boardPort();
  const { clock, receiver, consumer } = setUp({ '/dev/a': port });
  await receiver.start(consumer);
  await clock.advanceMs(identifyMs + 60);
  port.answer = (request) => {
    port.answer = good;
    return good(request).map((bytes) => bytes.subarray(1));
  };
  port.written.length = 0;
  const before = consumer.samples.length;
  await clock.advanceMs(1000);
  expect(port.written.slice(0, 4)).toEqual(['01', '0e', '01', '01']);
  expect(consumer.reports.filter((report) => report.outcome === 'failure')).toMatchObject([
    { error: { code: 'BAD_REPLY' } },
  ]);
  expect(consumer.losses).toEqual([]);
  expect(consumer.samples.length).toBeGreaterThan(before);
  await receiver.stop();
});

test('bytes of the right number that are not a frame give no sample', async () => {
  const noise = Uint8Array.from({ length: 384 }, (_, index) => ((index * 89 + 101) % 251) | 0x40);
  const { clock, receiver, consumer } = setUp({ '/dev/a': boardPort(boardAnswer({ contract: bl2, frame: noise })) });
  await receiver.start(consumer);
  await clock.advanceMs(500);
  expect(consumer.samples).toEqual([]);
  expect(consumer.reports.some((report) => report.error?.code === 'BAD_REPLY')).toBe(true);
  await receiver.stop();
});
