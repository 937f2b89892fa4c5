import type { EndedSpan, StageEvent } from '@benchlab-otel/core';
import { SpanKind } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { spanStages } from './spanStages.ts';

const span = (name: string, startNs: number, endNs: number, attributes = {}): EndedSpan => ({
  traceId: 't1',
  spanId: name,
  name,
  kind: SpanKind.INTERNAL,
  startNs,
  endNs,
  uncertaintyNs: 7,
  attributes,
});
const collected = () => {
  const events: StageEvent[] = [];
  return { events, consumer: { stage: (event: StageEvent) => void events.push(event) } };
};

it('makes stages of the starts and ends of the named spans only, and adds nothing to a span', async () => {
  const { events, consumer } = collected();
  const stages = spanStages({
    stages: [{ span: 'ingest', at: 'start', stage: 'ingress' }, { span: 'ingest' }, { span: 'encode' }],
  });
  await stages.start(consumer);

  expect(stages.spanEnded?.(span('ingest', 10, 20))).toBeUndefined();
  stages.spanEnded?.(span('other', 20, 25));
  stages.spanEnded?.(span('encode', 20, 30));

  const base = { uncertaintyNs: 7, frameId: 't1', traceId: 't1', source: 'span-stages' };
  expect(events).toEqual([
    { timeNs: 10, stage: 'ingress', ...base },
    { timeNs: 20, stage: 'ingest', ...base },
    { timeNs: 30, stage: 'encode', ...base },
  ]);
});

it('takes the frame from an attribute where an option asks for it, and none from a span without it', async () => {
  const { events, consumer } = collected();
  const stages = spanStages({
    stages: [{ span: 'encode' }],
    frameId: ({ attributes }) => attributes['frame.id'] as string | undefined,
  });
  await stages.start(consumer);
  stages.spanEnded?.(span('encode', 1, 2, { 'frame.id': 'f9' }));
  stages.spanEnded?.(span('encode', 3, 4));

  expect(events.map(({ frameId, traceId }) => [frameId, traceId])).toEqual([
    ['f9', 't1'],
    [undefined, 't1'],
  ]);
});

it('sends nothing before its start and after its stop, and starts again', async () => {
  const { events, consumer } = collected();
  const stages = spanStages({ stages: [{ span: 'encode' }] });
  stages.spanEnded?.(span('encode', 1, 2));
  await stages.stop();
  await stages.start(consumer);
  await expect(stages.start(consumer)).rejects.toMatchObject({ code: 'ALREADY_STARTED' });
  await stages.stop();
  stages.spanEnded?.(span('encode', 3, 4));
  await stages.start(consumer);
  stages.spanEnded?.(span('encode', 5, 6));

  expect(events.map(({ timeNs }) => timeNs)).toEqual([6]);
});

it('refuses an empty list of stages', () => {
  expect(() => spanStages({ stages: [] })).toThrow(/^stages is a list of 0\. It must be a list of at least one span/);
});
