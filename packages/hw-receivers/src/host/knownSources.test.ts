import type { Sample, Source } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { KnownSources } from './knownSources.ts';

const source = (id: string): Source => ({ id, name: id, simulated: false, attributes: {} });
const answer = (thread: number, ...ids: string[]) => ({
  thread,
  samples: ids.map((id): Sample => ({ source: source(id), timeNs: 0, uncertaintyNs: 0, readings: [] })),
  lost: [],
});
const ids = (sources: readonly Source[]) => sources.map(({ id }) => id);

test('a source that a new thread does not bring is lost once; one that the same thread leaves out for a poll is not', () => {
  const known = new KnownSources(1);
  known.answered(answer(1, 'host', 'chip'), 0);
  expect(known.answered(answer(1, 'host'), 1)).toEqual([]);
  expect(ids(known.answered(answer(2, 'host'), 2))).toEqual(['chip']);
  expect(known.answered(answer(3, 'host'), 3)).toEqual([]);
  expect(known.answered(answer(3, 'host', 'chip'), 4)).toEqual([]);
  expect(ids(known.answered(answer(4, 'host'), 5))).toEqual(['chip']);
});

test('a source that may hold its first reading back is lost with the second answer without it', () => {
  const known = new KnownSources(2);
  known.answered(answer(1, 'rapl'), 0);
  expect(known.answered(answer(2), 1)).toEqual([]);
  expect(known.answered(answer(2, 'rapl'), 2)).toEqual([]);
  expect(known.answered(answer(3), 3)).toEqual([]);
  expect(ids(known.answered(answer(3), 4))).toEqual(['rapl']);
});

test('a source that the thread has called lost is not lost again', () => {
  const known = new KnownSources(1);
  known.answered(answer(1, 'chip'), 0);
  known.answered({ ...answer(1), lost: [source('chip')] }, 1);
  expect(known.answered(answer(2), 2)).toEqual([]);
});

test('without an answer for half a minute all sources are lost, once', () => {
  const known = new KnownSources(1);
  known.answered(answer(1, 'host'), 0);
  expect(known.failed(29e9)).toEqual([]);
  expect(ids(known.failed(30e9))).toEqual(['host']);
  expect(known.failed(60e9)).toEqual([]);
});
