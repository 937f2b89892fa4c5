import { expect, it } from 'vitest';
import { libraryProblem } from './libraryProblem.ts';

it('has no problem with the library of C, and states what the loader says of one that is not there', async () => {
  expect(await libraryProblem('libc.so.6')).toBeUndefined();
  expect(await libraryProblem('libthere-is-no-such-library.so.1')).toMatch(
    /cannot open shared object file|No such file/i,
  );
});
