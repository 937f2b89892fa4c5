import { describe, expect, test } from 'vitest';
import { estimateEnergy } from './estimateEnergy.ts';
import { benchOf, callsOf, randomCalls } from './simulatedCalls.suite.ts';
import { maxSlopes } from './slopeColumns.ts';
import { overlappingKinds } from './testing/overlappingKinds.ts';

describe('several operations', () => {
  test('that never run apart have no figures of their own, all of them together have', () => {
    const calls = randomCalls('a', 2000, 0.003, 20);
    const { operations, total } = estimateEnergy(benchOf(20, [calls, { ...calls, name: 'b' }], () => 30));
    expect(operations[0]?.added).toEqual({ kind: 'none', reason: { kind: 'inseparable' } });
    expect(operations[1]?.added).toEqual({ kind: 'none', reason: { kind: 'inseparable' } });
    if (total.added.kind !== 'figure') throw new Error('no figure');
    expect(total.added.joules).toBeCloseTo(360, -1);
  });

  test('whose watts differ have a slope each, and one slope is not allowed', () => {
    const { input, truth } = overlappingKinds({ watts: [40, 60, 90], disturbance: 'steps', cpu: 'even' }, 5);
    const { operations, commonSlope } = estimateEnergy(input);
    expect(commonSlope?.isAllowed).toBe(false);
    operations.forEach(({ added, addedIfEqual }, kind) => {
      if (added.kind !== 'figure') throw new Error('no figure');
      expect(added.joules / (truth[kind]?.added ?? 0)).toBeCloseTo(1, 0);
      expect(addedIfEqual).toBeUndefined();
    });
  });

  test('whose watts are equal may have one slope, next to their own and narrower', () => {
    const { input } = overlappingKinds({ watts: [60, 60, 60], disturbance: 'noise', cpu: 'even' }, 5);
    const { operations, commonSlope } = estimateEnergy(input);
    expect(commonSlope?.isAllowed).toBe(true);
    expect(commonSlope?.pValue).toBeGreaterThan(0.05);
    const [first] = operations;
    if (first?.added.kind === 'none' || first?.addedIfEqual === undefined) throw new Error('no figure');
    if (first.addedIfEqual.kind === 'none') throw new Error('no figure');
    expect(first.addedIfEqual.high - first.addedIfEqual.low).toBeLessThan(first.added.high - first.added.low);
  });

  test('beyond the number of slopes have no figure, the others keep theirs', () => {
    const many = Array.from({ length: maxSlopes + 3 }, (_, j) =>
      randomCalls(`op ${j}`, j < maxSlopes ? 60 : 20, 0.003, 60, j + 1),
    );
    const { operations, total } = estimateEnergy(benchOf(60, many, () => 60));
    expect(operations.at(-1)?.added).toEqual({
      kind: 'none',
      reason: { kind: 'too-many-operations', limit: maxSlopes },
    });
    expect(operations[0]?.added.kind).toBe('figure');
    expect(total.added.kind).toBe('figure');
    expect(operations.at(-1)?.calls).toBe(20);
  });

  test('without calls have a reason, the others keep their figures', () => {
    const input = benchOf(20, [callsOf('idle', []), randomCalls('a', 2000, 0.003, 20)], () => 60);
    const { operations } = estimateEnergy(input);
    expect(operations[0]).toMatchObject({
      calls: 0,
      seconds: 0,
      whole: { kind: 'none', reason: { kind: 'no-calls' } },
    });
    expect(operations[1]?.added.kind).toBe('figure');
  });
});
