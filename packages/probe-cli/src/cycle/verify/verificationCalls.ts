import { mostCalls, valueText } from '../lower/kernelText.ts';
import type { Operator } from '../spec/pipelineSpec.ts';
import { type CallInputs, rounding } from '../spec/reference.ts';

/** Numbers at which implementations differ: zeros, the smallest and largest of both widths, infinities, not a number. */
const edges: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.1,
  -2.5,
  3,
  1e-45,
  5e-324,
  1.17549435e-38,
  2.2250738585072014e-308,
  3.4028234e38,
  Number.MAX_VALUE,
  Number.EPSILON,
  16_777_217,
  2 ** 53 + 2,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];
const lengths = [0, 1, 2, 3, 5, 16, 33, 64];
const randomCalls = 24;

/**
 * The calls that all kernels of an operator are made with: empty, short and long vectors, edges of floating point, and random numbers.
 * The same at each run, so that a difference is found again.
 */
export function verificationCalls(operator: Operator): readonly CallInputs[] {
  const random = seeded(20_261_130);
  const round = rounding(operator.numbers);
  const call = (length: number, value: (index: number) => number): CallInputs => ({
    length,
    values: operator.inputs.map(({ kind }, input) =>
      Array.from({ length: kind === 'vector' ? length : 1 }, (_, index) => round(value(index * 7 + input * 5))),
    ),
  });
  const edge = edges.map((_, shift) =>
    call(lengths[shift % lengths.length] ?? 1, (index) => edges[(index + shift) % edges.length] ?? 0),
  );
  const anyNumber = () => (random() - 0.5) * 10 ** Math.floor(random() * 12 - 4);
  const others = Array.from({ length: randomCalls }, (_, index) =>
    call(lengths[index % lengths.length] ?? 1, anyNumber),
  );
  return [...edge, ...others].slice(0, mostCalls);
}

/** The calls as a kernel reads them. */
export function callsText(calls: readonly CallInputs[]): string {
  const lines = calls.map(({ length, values }) => [length, ...values.flat().map(valueText)].join(' '));
  return `${calls.length}\n${lines.join('\n')}\n`;
}

/** Mulberry32, Tommy Ettinger, public domain: numbers from 0 to 1 that are the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
