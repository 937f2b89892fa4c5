import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, it } from 'vitest';
import type { LineRejection } from './lineSource.ts';
import { Rejections } from './rejections.ts';

it('the first is reported at once, further ones at most once a second, the sum at the end', async () => {
  const clock = new ManualClock();
  const reports: LineRejection[] = [];
  const rejections = new Rejections('s', { rejected: (report) => void reports.push(report) }, () => clock.nowNs());
  rejections.report();
  expect(reports).toEqual([]);

  rejections.add('a');
  rejections.add('b');
  expect(reports).toEqual([{ source: 's', reason: 'a', count: 1 }]);
  await clock.advanceMs(1000);
  rejections.add('c');
  expect(reports.at(-1)).toEqual({ source: 's', reason: 'c', count: 3 });
  rejections.add('d');
  expect(reports).toHaveLength(2);
  rejections.report();
  rejections.report();
  expect(reports.slice(2)).toEqual([{ source: 's', reason: 'd', count: 4 }]);
});

it('a consumer that wants no reports gets none', () => {
  const rejections = new Rejections('s', {}, () => 0);
  expect(() => rejections.add('a')).not.toThrow();
});

it('a consumer that throws at a report does not disturb the reader that counts', () => {
  let reports = 0;
  const rejected = () => {
    reports++;
    throw new Error('no room');
  };
  const rejections = new Rejections('s', { rejected }, () => 0);
  expect(() => rejections.add('a')).not.toThrow();
  rejections.add('b');
  expect(() => rejections.report()).not.toThrow();
  expect(reports).toBe(2);
});
