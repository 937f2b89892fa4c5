import { describe, expect, it } from 'vitest';
import { given, nsPerMs, settled, sharedOf, span } from './settlement.suite.ts';

describe('spans that overlap', () => {
  it('share an interval equally by the time that they were alive in it', () => {
    const { joules } = settled([span('a', 0, 1000), span('b', 0, 500)]);
    expect(joules('a')).toBeCloseTo(75, 9);
    expect(joules('b')).toBeCloseTo(25, 9);
  });

  it('share it by their weights', () => {
    const weights = { system: given({ a: 3, b: 1 }) };
    const { joules, accounts } = settled([span('a', 0, 1000), span('b', 0, 1000)], { weights });
    expect(joules('a')).toBeCloseTo(75, 9);
    expect(joules('b')).toBeCloseTo(25, 9);
    expect(sharedOf(accounts.get('a'))).toEqual([expect.closeTo(250 * nsPerMs, 0), expect.closeTo(250 * nsPerMs, 0)]);
  });

  it.each([
    ['unknown', undefined],
    ['not a number', Number.NaN],
    ['negative', -1],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('share it equally, and are marked so, where a weight is %s', (_, weight) => {
    const weights = { system: given({ a: 3, b: weight }) };
    const { joules, accounts } = settled([span('a', 0, 1000), span('b', 0, 1000)], { weights });
    expect(joules('a')).toBeCloseTo(50, 9);
    expect(sharedOf(accounts.get('a'))).toEqual([expect.closeTo(500 * nsPerMs, 0), 0]);
  });

  it('leave to strangers what these used', () => {
    const weights = { system: { ...given({ a: 1 }), ownShare: () => 0.25 } };
    const { joules, settlement } = settled([span('a', 0, 1000)], { weights });
    expect(joules('a')).toBeCloseTo(25, 9);
    expect(settlement.balances.system.unattributed).toBeCloseTo(75, 9);
  });

  it('keep the idle part and leave to strangers what these used of the active part, with a baseline', () => {
    const weights = { system: { ...given({ a: 1 }), ownShare: () => 0.25 } };
    const { joules, accounts } = settled([span('a', 0, 1000)], { weights, baseline: { system: 60 } });
    expect(joules('a')).toBeCloseTo(60 + 10, 9);
    expect(accounts.get('a')?.of('system', 'activeJoules')).toBeCloseTo(10, 9);
  });
});

describe('spans below a span', () => {
  it('do not change what it has, and it knows its own part', () => {
    const parts = [span('a', 0, 1000), span('a1', 100, 400, 'a'), span('a2', 100, 400, 'a'), span('b', 0, 1000)];
    const { joules, self } = settled(parts);
    expect(joules('a')).toBeCloseTo(50, 9);
    expect(joules('b')).toBeCloseTo(50, 9);
    expect(joules('a1') + joules('a2')).toBeCloseTo(15, 9);
    expect(self('a')).toBeCloseTo(35, 9);
  });

  it('add their weights to it', () => {
    const weights = { system: given({ a: 1, a1: 2, b: 1 }) };
    const { joules, self } = settled([span('a', 0, 1000), span('a1', 0, 1000, 'a'), span('b', 0, 1000)], { weights });
    expect(joules('a')).toBeCloseTo(75, 9);
    expect(self('a')).toBeCloseTo(25, 9);
    expect(joules('a1')).toBeCloseTo(50, 9);
  });

  it('stand by themselves once it has ended', () => {
    const { joules } = settled([span('a', 0, 500), span('late', 0, 1000, 'a')]);
    expect(joules('a')).toBeCloseTo(50, 9);
    expect(joules('late')).toBeCloseTo(100, 9);
  });
});
