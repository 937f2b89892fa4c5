import { readFile } from 'node:fs/promises';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import type { BuiltKernels } from '@benchlab-otel/dashboard/model';
import { parseKernelFile } from '@benchlab-otel/wire';

/** Reads `kernels.json`. @throws BenchlabError BAD_OPTION when it cannot be read, or is not a list of kernels */
export async function builtKernels(path: string): Promise<BuiltKernels> {
  const fix = 'Name the kernels.json that benchlab-probe cycle wrote.';
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BenchlabError('BAD_OPTION', `${path} cannot be read: ${messageOf(cause)}.`, fix, { cause });
  });
  const file = parseKernelFile(text);
  if ('list' in file) return file.list;
  throw new BenchlabError('BAD_OPTION', `${path} is not a list of kernels: ${file.reason}.`, fix);
}
