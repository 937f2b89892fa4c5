import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFolders, checkOwner } from './trustedFolder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-trust-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function inFolder(mode: number, ...names: readonly string[]): string {
  const path = join(folder, ...names);
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

describe('folders of a socket', () => {
  it.each([
    ['of the user alone', 0o700],
    ['of the user, readable by all', 0o755],
    ['of the user and a group', 0o770],
    ['open to all, with the sticky bit', 0o1777],
  ])('%s are accepted', (_, mode) => {
    const within = inFolder(mode, 'a');
    expect(() => checkFolders(join(within, 'agent.sock'), 'another')).not.toThrow();
  });

  it('open to all without the sticky bit are refused, with what to do', () => {
    const within = inFolder(0o777, 'a');
    const what = `Every user can replace the socket ${within}/agent.sock: all may write to ${within}, which has no sticky bit.`;
    expect(() => checkFolders(join(within, 'agent.sock'), 'another: --socket PATH')).toThrow(
      `${what} Take that right away (chmod o-w ${within}), or choose another: --socket PATH.`,
    );
  });

  it('are refused also above, and where they are not made yet', () => {
    const above = inFolder(0o777, 'a');
    inFolder(0o700, 'a', 'b');
    for (const path of ['b/agent.sock', 'c/agent.sock']) {
      expect(() => checkFolders(join(above, path), 'another')).toThrow(`all may write to ${above}`);
    }
  });

  it('are those behind links', () => {
    const open = inFolder(0o777, 'open');
    symlinkSync(open, join(folder, 'link'));
    expect(() => checkFolders(join(folder, 'link', 'agent.sock'), 'another')).toThrow(`all may write to ${open}`);
  });
});

// Root makes the files of other users.
describe.runIf(process.getuid?.() === 0)('the owner of a socket (needs root)', () => {
  const [reader, service, stranger] = [50_001, 50_002, 50_003];

  it.each([
    ['of the reader', reader, 0, 0o1777, true],
    ['of root', 0, 0, 0o1777, true],
    ['of a service, in the folder of the service', service, service, 0o755, true],
    ['of a stranger, in a folder open to all', stranger, 0, 0o1777, false],
    ['of a stranger, in the folder of a service', stranger, service, 0o775, false],
    ['of a stranger, in a folder of theirs that is open to all', stranger, stranger, 0o1777, false],
  ])('%s', (_, owner, ownerOfFolder, mode, isTrusted) => {
    const within = inFolder(mode, 'a');
    chownSync(within, ownerOfFolder, ownerOfFolder);
    const path = join(within, 'agent.sock');
    writeFileSync(path, '');
    chownSync(path, owner, owner);
    const check = () => checkOwner(path, reader);
    if (isTrusted) expect(check).not.toThrow();
    else expect(check).toThrow(`The socket ${path} belongs to another user (uid ${stranger})`);
  });

  it('of which there is none is not judged', () => {
    expect(() => checkOwner(join(folder, 'absent.sock'), reader)).not.toThrow();
  });
});
