import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { BenchlabError, messageOf } from '@benchlab-otel/core';

export interface SigningKey {
  readonly key: KeyObject;
  /** The key was made for this run and is kept nowhere: the signature shows that the bundle is whole, not where it comes from. */
  readonly isOfRun: boolean;
}

const largestKey = 64 * 1024;
// Of a mode, inode(7): what group and others may do.
const ofOthers = 0o077;

/** A key that is made for one run. */
export function newSigningKey(): SigningKey {
  return { key: generateKeyPairSync('ed25519').privateKey, isOfRun: true };
}

/**
 * The Ed25519 key of a file: PEM, PKCS #8, without a passphrase.
 *
 * @throws BenchlabError BAD_OPTION that names the file and what is wrong with it, and quotes nothing of it
 */
export function readSigningKey(path: string): SigningKey {
  const refused = (what: string, fix: string, cause?: unknown) =>
    new BenchlabError('BAD_OPTION', `--key ${path} ${what}.`, fix, { cause });
  const makeOne = 'Make one: openssl genpkey -algorithm ed25519 -out key.pem; chmod 600 key.pem';
  let text: Buffer;
  try {
    text = contentOf(path, refused);
  } catch (error) {
    if (error instanceof BenchlabError) throw error;
    throw refused(`cannot be read: ${messageOf(error)}`, 'Name a file that you may read.', error);
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (error) {
    const isEncrypted = /ENCRYPTED/.test(text.toString('latin1'));
    throw refused(isEncrypted ? 'has a passphrase' : 'is not a private key in PEM', makeOne, error);
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw refused(`is a key for ${key.asymmetricKeyType}, not for Ed25519`, makeOne);
  return { key, isOfRun: false };
}

function contentOf(path: string, refused: (what: string, fix: string) => BenchlabError): Buffer {
  // O_NONBLOCK: a FIFO would wait for a writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw refused('is not a regular file', 'Name the file of the key.');
    if ((found.mode & ofOthers) !== 0) {
      const mode = (found.mode & 0o777).toString(8);
      throw refused(`may be read or written by others (mode ${mode})`, `Take that away: chmod 600 ${path}`);
    }
    if (found.size > largestKey) throw refused(`has more than ${largestKey} bytes`, 'Name the file of the key.');
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
