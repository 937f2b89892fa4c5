import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSigningKey } from './signingKey.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pem = { type: 'pkcs8', format: 'pem' } as const;
const key = () => generateKeyPairSync('ed25519').privateKey.export(pem);

function keyFile(content: string | Buffer, mode = 0o600): string {
  const path = join(folder, 'key.pem');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

it('reads an Ed25519 key that its owner alone may read', () => {
  expect(readSigningKey(keyFile(key()))).toMatchObject({ isOfRun: false, key: { asymmetricKeyType: 'ed25519' } });
});

describe('refuses, names the file, and quotes nothing of it:', () => {
  it.each<[string, () => string, RegExp]>([
    [
      'a file that the group may read',
      () => keyFile(key(), 0o640),
      /may be read or written by others \(mode 640\)\. .*chmod 600/,
    ],
    ['a file that others may write', () => keyFile(key(), 0o602), /\(mode 602\)/],
    ['a file that is not there', () => join(folder, 'none'), /cannot be read: ENOENT/],
    ['a folder', () => folder, /is not a regular file/],
    ['a text that is not a key', () => keyFile('hunter2'), /is not a private key in PEM/],
    ['an empty file', () => keyFile(''), /is not a private key in PEM/],
    ['half a key', () => keyFile(String(key()).slice(0, 60)), /is not a private key in PEM/],
    [
      'a public key',
      () => keyFile(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })),
      /is not a private key in PEM/,
    ],
    [
      'a key of another kind',
      () => keyFile(generateKeyPairSync('x25519').privateKey.export(pem)),
      /is a key for x25519, not for Ed25519/,
    ],
    [
      'a key with a passphrase',
      () =>
        keyFile(generateKeyPairSync('ed25519').privateKey.export({ ...pem, cipher: 'aes-256-cbc', passphrase: 'x' })),
      /has a passphrase/,
    ],
    ['a file of many bytes', () => keyFile(Buffer.alloc(70_000)), /has more than 65536 bytes/],
  ])('%s', (_, made, message) => {
    const path = made();
    const error = thrownBy(() => readSigningKey(path));
    expect(error).toMatchObject({ code: 'BAD_OPTION', message: expect.stringMatching(message) });
    expect(error.message.startsWith(`--key ${path} `)).toBe(true);
    expect(error.message).not.toMatch(/hunter2|BEGIN/);
  });
});

function thrownBy(fn: () => unknown): Error {
  try {
    fn();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It threw nothing.');
}
