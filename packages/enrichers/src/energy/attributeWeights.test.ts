import type { Interval } from '@benchlab-otel/analysis';
import { describe, expect, it } from 'vitest';
import { attributeWeights } from './attributeWeights.ts';

const tokens = attributeWeights('gen_ai.usage.output_tokens');
const span = (attributes?: Interval['attributes'], endNs = 1): Interval => ({
  spanId: 'a',
  startNs: 0,
  endNs,
  ...(attributes === undefined ? {} : { attributes }),
});

describe('weights by an attribute', () => {
  it('are named for it, and are known when a span has ended', () => {
    expect(tokens).toMatchObject({ name: 'attribute:gen_ai.usage.output_tokens', isKnownAtEnd: true });
    expect(tokens.selfOf(span({ 'gen_ai.usage.output_tokens': 7 }))).toBe(7);
    expect(tokens.selfOf(span({ 'gen_ai.usage.output_tokens': 7 }, Number.POSITIVE_INFINITY))).toBeUndefined();
    expect(tokens.selfOf(span())).toBeUndefined();
  });

  it('are 0 for a span that ended without it, and unknown for a value that is not a number', () => {
    expect(tokens.selfOf(span({}))).toBe(0);
    expect(tokens.selfOf(span({ 'gen_ai.usage.output_tokens': '7' }))).toBeUndefined();
    expect(attributeWeights('toString').selfOf(span({}))).toBe(0);
  });

  it('need a name', () => {
    expect(() => attributeWeights(' ')).toThrow('name is " "');
  });
});
