import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from './suggestion.ts';

describe('nearest', () => {
  it('gives the names that a slip away, nearest first', () => {
    expect(nearest('chekout', ['price', 'checkin', 'checkout', 'CHECKOUT2'])).toEqual(['checkout', 'CHECKOUT2']);
  });

  it('gives nothing for a name that is like none', () => {
    expect(nearest('zebra', ['checkout', 'price'])).toEqual([]);
    expect(didYouMean('zebra', ['checkout'])).toBe('');
    expect(nearest('x', [])).toEqual([]);
  });

  it('is quick on names of any length', () => {
    const long = 'a'.repeat(1e6);

    expect(nearest(`${long}b`, [long])).toEqual([long]);
  });
});
