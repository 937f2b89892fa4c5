import type { StageEvent } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { StagePairs, type WantedPair } from './stagePairs.ts';

const event = (stage: string, frame: number | undefined, timeNs: number): StageEvent => ({
  stage,
  timeNs,
  uncertaintyNs: 0,
  source: 'test',
  ...(frame === undefined ? {} : { frameId: String(frame) }),
});

/** All of them, and no more come. */
function paired(events: readonly StageEvent[], wanted?: readonly WantedPair[]): StagePairs {
  const pairs = new StagePairs(wanted);
  for (const each of events) pairs.add(each);
  pairs.close();
  return pairs;
}

describe('pairs of stages', () => {
  const tenIn = Array.from({ length: 10 }, (_, frame) => event('in', frame, frame * 100));
  const fourOut = [2, 0, 1, 5].map((frame) => event('out', frame, frame * 100 + 10 + frame));

  it.each([
    ['in their order', [...tenIn, ...fourOut]],
    ['the later stage first', [...fourOut, ...tenIn]],
    ['backwards', [...tenIn, ...fourOut].toReversed()],
  ])('are matched by frame, when events come %s; what never arrives was dropped', (_, events) => {
    const { stages, pairs } = paired(events);

    expect(stages).toEqual([
      { stage: 'in', frames: 10 },
      { stage: 'out', frames: 4 },
    ]);
    expect(pairs).toHaveLength(1);
    expect(pairs[0]).toMatchObject({ from: 'in', to: 'out', frames: 4, dropped: 6, unmatched: 0, longestNs: 15 });
    expect([...(pairs[0]?.latenciesNs ?? [])]).toEqual([10, 11, 12, 15]);
  });

  it('are of neighbours, of any number of stages', () => {
    const { pairs } = paired(
      [0, 1, 2].flatMap((frame) => ['a', 'b', 'c'].map((stage, at) => event(stage, frame, 10 * frame + at))),
    );

    expect(pairs.map(({ from, to, frames, dropped }) => [from, to, frames, dropped])).toEqual([
      ['a', 'b', 3, 0],
      ['b', 'c', 3, 0],
    ]);
  });

  it('are those that are wanted, where the pipeline forks', () => {
    const events = [0, 1].flatMap((frame) => [
      event('in', frame, 100 * frame),
      event('preview', frame, 100 * frame + 1),
      event('encoded', frame, 100 * frame + 5),
    ]);
    const wanted = [
      ['in', 'preview'],
      ['in', 'encoded'],
      ['in', 'nowhere'],
    ] as const;
    const { pairs, missing } = paired(events, wanted);

    expect(pairs.map(({ from, to, longestNs }) => [from, to, longestNs])).toEqual([
      ['in', 'preview', 1],
      ['in', 'encoded', 5],
    ]);
    expect(missing).toEqual(['nowhere']);
  });

  it('count frames without a beginning, frames that end before they begin, and events without a frame', () => {
    const { pairs, withoutFrame } = paired([
      event('in', 1, 0),
      event('out', 2, 1),
      event('in', 3, 9),
      event('out', 3, 8),
      event('out', undefined, 2),
    ]);

    expect(pairs[0]).toMatchObject({ frames: 0, dropped: 1, unmatched: 2, longestNs: undefined });
    expect([...(pairs[0]?.latenciesNs ?? [])]).toEqual([]);
    expect(withoutFrame).toBe(1);
  });

  it('count a frame in pieces when its first is there', () => {
    const { pairs, stages, repeated } = paired([
      event('in', 1, 0),
      event('packets', 1, 5),
      event('packets', 1, 6),
      event('packets', 1, 7),
    ]);

    expect(stages).toContainEqual({ stage: 'packets', frames: 1 });
    expect(pairs[0]).toMatchObject({ frames: 1, longestNs: 5 });
    expect(repeated).toBe(2);
  });

  it('settle the oldest frame beyond their bound, as it is', () => {
    const pairs = new StagePairs();
    pairs.add(event('in', 65_537, 0));
    pairs.add(event('out', 65_537, 1));
    for (let frame = 0; frame <= 65_536; frame++) pairs.add(event('in', frame, frame));
    pairs.add(event('out', 0, 70_000));
    pairs.add(event('out', 2, 70_000));
    pairs.close();

    expect(pairs.pairs[0]).toMatchObject({ frames: 2, unmatched: 1, dropped: 65_536 });
  });

  it('distinguish 64 stages, and count events of further ones', () => {
    const { stages, ignored } = paired(Array.from({ length: 70 }, (_, stage) => event(`stage-${stage}`, 1, stage)));

    expect(stages).toHaveLength(64);
    expect(ignored).toBe(6);
  });
});
