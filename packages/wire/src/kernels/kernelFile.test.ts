import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { formatKernelFile, maxKernelFileBytes, parseKernelFile } from './kernelFile.ts';
import type { Kernel, KernelList } from './kernelList.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/kernels.schema.json', import.meta.url), 'utf8'));
const isValid = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false }).compile(schema);
const cases = fileURLToPath(new URL('../../conformance/kernels', import.meta.url));

const kernel: Kernel = {
  name: 'dot',
  backend: 'c',
  variant: 'c-float64',
  file: 'kernels/c/dot',
  sha256: 'a'.repeat(64),
  sizeBytes: 1,
  toolchain: { binary: 'cc' },
  verifiedBy: [],
};
const list: KernelList = { pipeline: 'p', revision: '1', target: 'linux-x64', kernels: [kernel], missing: [] };

/** The reader refuses what no schema states: a kernel that is there twice. */
const beyondSchema = ['kernel-twice', 'built-and-missing'];

it.each(readdirSync(cases).filter((name) => !beyondSchema.includes(name)))(
  'the schema and the reader agree on the case %s',
  (name) => {
    const text = readFileSync(join(cases, name, 'input'), 'utf8');
    const parsed = jsonOf(text);
    expect(parsed !== undefined && isValid(parsed)).toBe('list' in parseKernelFile(text));
  },
);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('the writer', () => {
  it('gives the same bytes for the same list, in any order of its keys', () => {
    const { name, ...others } = kernel;
    expect(formatKernelFile({ ...list, kernels: [{ ...others, name }] })).toBe(formatKernelFile(list));
  });

  it.each<[string, Partial<KernelList>]>([
    ['a size of half a byte', { kernels: [{ ...kernel, sizeBytes: 0.5 }] }],
    ['a path out of the folder', { kernels: [{ ...kernel, file: '../x' }] }],
    ['a kernel twice', { kernels: [kernel, kernel] }],
    ['an empty revision', { revision: '' }],
  ])('throws at %s, which the reader would refuse', (_, wrong) => {
    expect(() => formatKernelFile({ ...list, ...wrong })).toThrow(/^The list of kernels is wrong: /);
  });
});

it('a file beyond the bound is refused before it is parsed', () => {
  const reason = `it has more than ${maxKernelFileBytes} bytes`;
  expect(parseKernelFile(`${' '.repeat(maxKernelFileBytes)}{}`)).toEqual({ reason });
});

it('a list beyond the bound is refused', () => {
  const many = JSON.stringify({ ...JSON.parse(formatKernelFile(list)), missing: Array(10_001).fill({}) });
  expect(parseKernelFile(many)).toEqual({ reason: 'its "missing" has more than 10000 entries' });
});

it.each([undefined, null, 7, {}])('a file that is not a text but %j is refused', (text) => {
  expect(parseKernelFile(text as string)).toEqual({ reason: 'it is not a text' });
});
