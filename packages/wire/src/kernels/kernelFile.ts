import { BenchlabError, isObject } from '@benchlab-otel/core';
import { type Kernel, type KernelList, type KernelName, type MissingKernel, missingReasons } from './kernelList.ts';

// The format of docs/formats/kernels.md, version 1: its writer and its reader.

const kernelSchema = 'benchlab-otel/kernels';
const kernelVersion = 1;

/** The largest file, bytes. */
export const maxKernelFileBytes: number = 4 * 1024 * 1024;
/** Entries of a list. */
const maxEntries = 10_000;
/** Characters of a word, as in the schema. */
const longestWord = 200;

/** What a file holds, or the reason why it is refused as a whole. */
export type KernelFile = { readonly list: KernelList } | { readonly reason: string };

/**
 * The list as JSON in a fixed order of keys and without times, so that the same build gives the same bytes.
 *
 * @throws BenchlabError for what the reader would refuse
 */
export function formatKernelFile(list: KernelList): string {
  const kernels = list.kernels.map(writtenKernel);
  const missing = list.missing.map(writtenMissing);
  const { pipeline, revision, target } = list;
  const text = `${JSON.stringify({ schema: kernelSchema, version: kernelVersion, pipeline, revision, target, kernels, missing }, null, 2)}\n`;
  const read = parseKernelFile(text);
  if ('list' in read) return text;
  throw new BenchlabError(
    'BAD_OPTION',
    `The list of kernels is wrong: ${read.reason}.`,
    'See docs/formats/kernels.md.',
  );
}

/**
 * Reads a file. Unknown fields are ignored. A list that is wrong in one entry is refused as a whole, because a reader that
 * takes a part of it would report kernels as missing that are there. Never throws.
 */
export function parseKernelFile(text: string): KernelFile {
  if (typeof text !== 'string') return { reason: 'it is not a text' };
  if (Buffer.byteLength(text) > maxKernelFileBytes) return { reason: `it has more than ${maxKernelFileBytes} bytes` };
  const file = parsed(text);
  if (file === undefined) return { reason: 'it is not a JSON object' };
  if (file.schema !== kernelSchema) return { reason: `its "schema" is not "${kernelSchema}"` };
  if (file.version !== kernelVersion) return { reason: `its "version" is not ${kernelVersion}` };
  const { pipeline, revision, target } = file;
  for (const [name, value] of Object.entries({ pipeline, revision, target })) {
    if (!isWord(value)) return { reason: `its "${name}" is not a text of 1 to ${longestWord} characters` };
  }
  const kernels = entries(file, 'kernels', kernelOf);
  if ('reason' in kernels) return kernels;
  const missing = entries(file, 'missing', missingOf);
  if ('reason' in missing) return missing;
  const twice = repeated([...kernels.entries, ...missing.entries]);
  if (twice !== undefined) return { reason: `it has the kernel ${twice} twice` };
  const words = { pipeline, revision, target } as Pick<KernelList, 'pipeline' | 'revision' | 'target'>; // checked above
  return { list: { ...words, kernels: kernels.entries, missing: missing.entries } };
}

type Entries<T> = { readonly entries: readonly T[] } | { readonly reason: string };
type Entry<T> = T | { readonly wrong: string };

function entries<T extends object>(
  file: Record<string, unknown>,
  key: string,
  read: (entry: Record<string, unknown>) => Entry<T>,
): Entries<T> {
  const given = file[key];
  if (!Array.isArray(given)) return { reason: `its "${key}" is not a list` };
  if (given.length > maxEntries) return { reason: `its "${key}" has more than ${maxEntries} entries` };
  const result: T[] = [];
  for (const [index, entry] of given.entries()) {
    const one: Entry<T> = isObject(entry) ? read(entry) : { wrong: 'entry' };
    if ('wrong' in one) return { reason: `${key}[${index}] has a wrong "${one.wrong}"` };
    result.push(one);
  }
  return { entries: result };
}

function kernelOf(entry: Record<string, unknown>): Entry<Kernel> {
  const name = nameOf(entry);
  if ('wrong' in name) return name;
  const { maturity, file, sha256, sizeBytes, toolchain, verifiedBy } = entry;
  if (maturity !== undefined && !isWord(maturity)) return { wrong: 'maturity' };
  if (!isWord(file) || !isInside(file)) return { wrong: 'file' };
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return { wrong: 'sha256' };
  if (!isSize(sizeBytes)) return { wrong: 'sizeBytes' };
  if (!isObject(toolchain) || !isWord(toolchain.binary)) return { wrong: 'toolchain' };
  const { binary, version } = toolchain;
  if (version !== undefined && !isWord(version)) return { wrong: 'toolchain.version' };
  if (!Array.isArray(verifiedBy) || verifiedBy.length > longestWord || !verifiedBy.every(isWord)) {
    return { wrong: 'verifiedBy' };
  }
  return {
    ...name,
    ...(maturity === undefined ? {} : { maturity }),
    file,
    sha256,
    sizeBytes,
    toolchain: version === undefined ? { binary } : { binary, version },
    verifiedBy: [...verifiedBy],
  };
}

function missingOf(entry: Record<string, unknown>): Entry<MissingKernel> {
  const name = nameOf(entry);
  if ('wrong' in name) return name;
  const reason = missingReasons.find((each) => each === entry.reason);
  return reason === undefined ? { wrong: 'reason' } : { ...name, reason };
}

function nameOf({ name, backend, variant }: Record<string, unknown>): Entry<KernelName> {
  if (!isWord(name)) return { wrong: 'name' };
  if (!isWord(backend)) return { wrong: 'backend' };
  return isWord(variant) ? { name, backend, variant } : { wrong: 'variant' };
}

/** A reader may open the file next to the list: a path must not lead out of that folder. */
function isInside(file: string): boolean {
  const names = file.split('/');
  return !file.includes('\\') && names.every((name) => name !== '' && name !== '.' && name !== '..');
}

/** The text of the first kernel that is there twice. */
function repeated(names: readonly KernelName[]): string | undefined {
  const known = new Set<string>();
  for (const { name, backend, variant } of names) {
    const key = JSON.stringify([name, backend, variant]);
    if (known.has(key)) return key;
    known.add(key);
  }
  return undefined;
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestWord;
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function writtenKernel({ name, backend, variant, maturity, file, sha256, sizeBytes, toolchain, verifiedBy }: Kernel) {
  const { binary, version } = toolchain;
  return { name, backend, variant, maturity, file, sha256, sizeBytes, toolchain: { binary, version }, verifiedBy };
}

function writtenMissing({ name, backend, variant, reason }: MissingKernel) {
  return { name, backend, variant, reason };
}
