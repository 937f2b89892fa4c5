import { test } from 'vitest';
import { casesOf } from '../testing/cases.suite.ts';
import { parseSmi } from './smi.ts';

// `input` is what nvidia-smi prints. An answer that is not one is `null`.
test.each(casesOf('nvidia-smi'))('nvidia-smi prints $name', async ({ input, expectResult }) => {
  await expectResult(parseSmi(input, 1, 2) ?? null);
});
