import { describe, expect, it } from 'vitest';
import { CallTotals } from './callTotals.ts';

describe('the calls since the start', () => {
  it('are counted for each name and kind', () => {
    const totals = new CallTotals();

    totals.add([
      { name: 'GET /', kind: 1 },
      { name: 'GET /', kind: 2 },
      { name: 'GET /', kind: 1 },
    ]);
    totals.add([{ name: 'GET /', kind: 1 }]);

    expect(totals.of({ name: 'GET /', kind: 'server' })).toBe(3);
    expect(totals.of({ name: 'GET /', kind: 'client' })).toBe(1);
    expect(totals.of({ name: 'GET /', kind: 'internal' })).toBeUndefined();
    expect(totals.spans).toBe(4);
  });

  it('are bounded: further operations are counted as spans only', () => {
    const totals = new CallTotals();

    totals.add(Array.from({ length: 10_001 }, (_, k) => ({ name: `operation ${k}`, kind: 0 })));

    expect(totals.spans).toBe(10_001);
    expect(totals.of({ name: 'operation 9999', kind: 'internal' })).toBe(1);
    expect(totals.of({ name: 'operation 10000', kind: 'internal' })).toBeUndefined();
  });
});
