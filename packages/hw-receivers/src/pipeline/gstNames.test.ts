import { expect, test } from 'vitest';
import { binNames, gstNames } from './gstNames.ts';

test.each([
  ['words of a shell', ['videotestsrc', '!', 'identity', 'name=a', '!', 'fakesink'], ['a']],
  ['one text', ['videotestsrc ! identity name=a ! queue name = "b c" ! fakesink'], ['a', 'b c']],
  ['a comma and a semicolon', ['identity', 'name=a,b', '!', 'identity', 'name=semi;'], ['a,b', 'semi;']],
  ['blanks, quotes and letters', ['identity', 'name=x "q" \\ é'], ['x "q" \\ é']],
  ['quotes that the shell has left', ['identity', 'name="x y"'], ['x y']],
  ['no name', ['videotestsrc', '!', 'fakesink'], []],
])('the names of a pipeline of %s are found', (_, pipeline, names) => {
  expect([...gstNames(pipeline)]).toEqual(names);
});

test.each([
  ['one bin', ['a', '!', '(', 'name=b', 'identity', 'name=inner', ')', '!', 'c'], { bin0: 'b' }],
  ['a bin in a bin', ['(', 'name=outer', '(', 'name=inner', 'x', ')', '!', 'y', ')'], { bin0: 'inner', bin1: 'outer' }],
  ['a bin without a name before one with', ['(', 'x', 'name=not', ')', '!', '(', 'name=b', 'y', ')'], { bin1: 'b' }],
  ['one text', ['a ! ( name=b x ) ! c'], { bin0: 'b' }],
  ['a bracket that never closes', ['(', 'name=b', 'x'], {}],
  ['a bracket that was never open', [')', 'x'], {}],
])('the bins of a pipeline with %s have their names', (_, pipeline, names) => {
  expect(Object.fromEntries(binNames(pipeline))).toEqual(names);
});
