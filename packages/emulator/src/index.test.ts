import { expect, test } from 'vitest';
import * as emulator from './index.ts';

// The public surface, by hand: a name that appears or goes here is a change for users and wants a changeset.
test('the package exports these names', () => {
  expect(Object.keys(emulator).sort()).toMatchInlineSnapshot(`
    [
      "constantBench",
      "emulateBoard",
      "emulatedGpu",
      "emulatedStages",
      "hostLoadBench",
      "lineFaults",
    ]
  `);
});
