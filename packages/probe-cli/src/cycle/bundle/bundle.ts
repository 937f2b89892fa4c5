import { createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { parseKernelFile } from '@benchlab-otel/wire';
import { packTar, unpackTar } from 'modern-tar';
import { sha256 } from '../tools/artifacts.ts';
import type { SigningKey } from './signingKey.ts';

/** One file of a bundle. */
export interface BundleFile {
  /** Path within the bundle, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isProgram?: boolean;
}

/** Names of what is written: archive, signature, public key. */
export const bundleNames = { archive: 'bundle.tar', signature: 'bundle.tar.sig', publicKey: 'bundle.pub.pem' } as const;
export const kernelsName = 'kernels.json';

/** The files as a tar archive. The same files give the same bytes: they are sorted, and have no time and no owner. */
export async function packedBundle(files: readonly BundleFile[]): Promise<Uint8Array> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return packTar(
    sorted.map(({ path, bytes, isProgram = false }) => ({
      header: {
        name: path,
        size: bytes.length,
        type: 'file',
        mode: isProgram ? 0o755 : 0o644,
        mtime: new Date(0),
        uid: 0,
        gid: 0,
      },
      body: bytes,
    })),
  );
}

/** Writes the archive, its signature (Ed25519, RFC 8032, 64 bytes) and the public key (PEM) into a folder. */
export function writeBundle(folder: string, archive: Uint8Array, { key }: SigningKey): void {
  writeFileSync(join(folder, bundleNames.archive), archive);
  writeFileSync(join(folder, bundleNames.signature), sign(null, archive, key));
  writeFileSync(join(folder, bundleNames.publicKey), createPublicKey(key).export({ type: 'spki', format: 'pem' }));
}

/**
 * Reads the bundle as its receiver would: the signature by `key`, then each kernel by the hash in the list of kernels.
 *
 * @throws BenchlabError BAD_REPLY that names what does not fit
 */
export async function checkBundle(folder: string, key: string | Uint8Array): Promise<void> {
  const at = (name: string) => readFileSync(join(folder, name));
  const damaged = (what: string) =>
    new BenchlabError(
      'BAD_REPLY',
      `The bundle in ${folder} ${what}.`,
      'Build it again, on another disk if that helps.',
    );
  const archive = at(bundleNames.archive);
  if (!verify(null, archive, createPublicKey(Buffer.from(key)), at(bundleNames.signature))) {
    throw damaged('does not have the signature of this key');
  }
  const contents = new Map<string, Uint8Array>();
  for (const { header, data } of await unpackTar(archive)) contents.set(header.name, data ?? new Uint8Array());
  const read = parseKernelFile(Buffer.from(contents.get(kernelsName) ?? []).toString('utf8'));
  if ('reason' in read) throw damaged(`has no list of kernels: ${read.reason}`);
  for (const { file, sha256: hash, sizeBytes } of read.list.kernels) {
    const bytes = contents.get(file);
    if (bytes?.length !== sizeBytes || sha256(bytes) !== hash)
      throw damaged(`has another ${file} than its list of kernels`);
  }
}
