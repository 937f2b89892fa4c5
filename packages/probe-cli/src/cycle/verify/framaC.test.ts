import { expect, it } from 'vitest';
import { framaC } from './framaC.ts';

const report = (...rows: readonly (readonly [file: string, line: number, kind: string, status: string])[]) =>
  [
    'directory\tfile\tline\tfunction\tproperty kind\tstatus\tproperty',
    ...rows.map(([file, line, kind, status]) => `.\t${file}\t${line}\tmain\t${kind}\t${status}\tx ≤ 1`),
    '',
  ].join('\n');
const library = ['string.h', 9, 'postcondition', 'Considered valid'] as const;

it('passes a source of which each property holds, also one in code that no input reaches', () => {
  const text = report(['dot.c', 3, 'precondition', 'Valid'], ['dot.c', 4, 'precondition', 'Dead'], library);
  expect(framaC.finding(text, 'dot.c')).toEqual({ score: 1 });
});

it.each(['Unknown', 'Invalid', 'Invalid or unreachable', 'Untried', 'Partially proven', ''])(
  'blocks a property that is %j, with its kind and line',
  (status) => {
    const text = report(['dot.c', 3, 'precondition', 'Valid'], ['dot.c', 37, 'mem_access', status], library);
    expect(framaC.finding(text, 'dot.c')).toEqual({
      score: 0.5,
      reason: 'frama-c could not rule out mem_access in line 37',
    });
  },
);

it('names three places, each once, and counts the others', () => {
  const rows = [1, 1, 2, 3, 4, 5].map((line) => ['dot.c', line, 'signed_overflow', 'Unknown'] as const);
  expect(framaC.finding(report(...rows), 'dot.c')).toEqual({
    score: 0,
    reason:
      'frama-c could not rule out signed_overflow in line 1, signed_overflow in line 2, signed_overflow in line 3 and 2 more',
  });
});

it.each([
  ['is empty', ''],
  ['has a header alone', report()],
  ['is about other files', report(library)],
  ['is something else', 'Segmentation fault\n\0\n'],
])('blocks where the report %s', (_, text) => {
  expect(framaC.finding(text, 'dot.c')).toEqual({ score: 0, reason: 'frama-c listed no property of dot.c' });
});
