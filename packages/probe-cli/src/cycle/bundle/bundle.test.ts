import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatKernelFile, type KernelList } from '@benchlab-otel/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../tools/artifacts.ts';
import { type BundleFile, bundleNames, checkBundle, kernelsName, packedBundle, writeBundle } from './bundle.ts';
import { newSigningKey } from './signingKey.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-bundle-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const kernel = Buffer.from('kernel');
const list = (bytes: Uint8Array): KernelList => ({
  pipeline: 'p',
  revision: '1',
  target: 't',
  kernels: [
    {
      name: 'dot',
      backend: 'c',
      variant: 'c-float64',
      file: 'kernels/c/dot',
      sha256: sha256(bytes),
      sizeBytes: bytes.length,
      toolchain: { binary: 'cc' },
      verifiedBy: [],
    },
  ],
  missing: [],
});
const files = (listed: Uint8Array = kernel): readonly BundleFile[] => [
  { path: 'kernels/c/dot', bytes: kernel, isProgram: true },
  { path: kernelsName, bytes: Buffer.from(formatKernelFile(list(listed))) },
];
const key = newSigningKey();
const publicPem = createPublicKey(key.key).export({ type: 'spki', format: 'pem' });

it('has the same bytes for the same files, in any order', async () => {
  const first = await packedBundle(files());
  expect(Buffer.from(await packedBundle(files().toReversed())).equals(first)).toBe(true);
});

it('that was written is accepted by its public key', async () => {
  writeBundle(folder, await packedBundle(files()), key);
  await expect(checkBundle(folder, readFileSync(join(folder, bundleNames.publicKey)))).resolves.toBeUndefined();
});

describe('is refused', () => {
  it('with one bit changed in the archive', async () => {
    const archive = await packedBundle(files());
    writeBundle(folder, archive, key);
    const changed = Buffer.from(archive);
    changed[600] = (changed[600] ?? 0) ^ 1;
    writeFileSync(join(folder, bundleNames.archive), changed);
    await expect(checkBundle(folder, publicPem)).rejects.toThrow(/does not have the signature of this key/);
  });

  it.each<[string, Buffer]>([
    ['cut', Buffer.alloc(10)],
    ['of another bundle', Buffer.alloc(64)],
    ['empty', Buffer.alloc(0)],
  ])('with a signature that is %s', async (_, signature) => {
    writeBundle(folder, await packedBundle(files()), key);
    writeFileSync(join(folder, bundleNames.signature), signature);
    await expect(checkBundle(folder, publicPem)).rejects.toThrow(/does not have the signature of this key/);
  });

  it('by another key, also where its public key lies next to it', async () => {
    writeBundle(folder, await packedBundle(files()), newSigningKey());
    await expect(checkBundle(folder, publicPem)).rejects.toThrow(/does not have the signature of this key/);
  });

  it('with another kernel than its list states, although it is signed', async () => {
    writeBundle(folder, await packedBundle(files(Buffer.from('karnel'))), key);
    await expect(checkBundle(folder, publicPem)).rejects.toThrow(
      /has another kernels\/c\/dot than its list of kernels/,
    );
  });

  it('without a list of kernels', async () => {
    writeBundle(folder, await packedBundle(files().slice(0, 1)), key);
    await expect(checkBundle(folder, publicPem)).rejects.toThrow(/has no list of kernels/);
  });
});
