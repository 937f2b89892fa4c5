import type { StageEvent } from '@benchlab-otel/sdk';
import { describe, expect, it } from 'vitest';
import { StagePairs } from './stagePairs.ts';

const event = (stage: string, frame: number | undefined, timeNs: number): StageEvent => ({
  stage,
  timeNs,
  uncertaintyNs: 0,
  source: 'test',
  ...(frame === undefined ? {} : { frameId: String(frame) }),
});

describe('pairs of stages', () => {
  it('are matched by frame, whatever their order, and what never arrives was dropped', () => {
    const pairs = new StagePairs();
    for (let frame = 0; frame < 10; frame++) pairs.add(event('in', frame, frame * 100));
    for (const frame of [2, 0, 1, 5]) pairs.add(event('out', frame, frame * 100 + 10 + frame));

    expect(pairs.stages).toEqual([
      { stage: 'in', frames: 10 },
      { stage: 'out', frames: 4 },
    ]);
    const [pair] = pairs.pairs;
    expect(pair).toMatchObject({ from: 'in', to: 'out', frames: 4, dropped: 6, unmatched: 0 });
    expect([...(pair?.latenciesNs ?? [])]).toEqual([10, 11, 12, 15]);
  });

  it('are of neighbours, of any number of stages', () => {
    const pairs = new StagePairs();
    for (let frame = 0; frame < 3; frame++)
      for (const [at, stage] of ['a', 'b', 'c'].entries()) pairs.add(event(stage, frame, at));

    expect(pairs.pairs.map(({ from, to, frames, dropped }) => [from, to, frames, dropped])).toEqual([
      ['a', 'b', 3, 0],
      ['b', 'c', 3, 0],
    ]);
  });

  it('count frames that come from nowhere, and events without a frame', () => {
    const pairs = new StagePairs();
    pairs.add(event('in', 1, 0));
    pairs.add(event('out', 2, 1));
    pairs.add(event('out', undefined, 2));

    expect(pairs.pairs[0]).toMatchObject({ frames: 0, dropped: 1, unmatched: 1 });
    expect(pairs.withoutFrame).toBe(1);
  });

  it('forget the oldest frame beyond their bound, and count it as dropped', () => {
    const pairs = new StagePairs();
    for (let frame = 0; frame <= 65_536; frame++) pairs.add(event('in', frame, frame));
    pairs.add(event('out', 0, 70_000));
    pairs.add(event('out', 1, 70_000));

    expect(pairs.pairs[0]).toMatchObject({ frames: 1, unmatched: 1, dropped: 65_536 });
  });

  it('tell 64 stages apart, and count events of further ones', () => {
    const pairs = new StagePairs();
    for (let stage = 0; stage < 70; stage++) pairs.add(event(`stage-${stage}`, 1, stage));

    expect(pairs.stages).toHaveLength(64);
    expect(pairs.ignored).toBe(6);
  });
});
