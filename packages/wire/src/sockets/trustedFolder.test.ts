import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

  // Folders for temporary files are open to all, and only root can write to /run.
  let root = '';
  beforeEach(() => {
    root = mkdtempSync('/run/benchlab-trust-');
    chmodSync(root, 0o755);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  interface Made {
    readonly owner: number;
    readonly group?: number;
    readonly mode: number;
  }
  /** A socket in folders within each other. */
  function socketOf(owner: number, ...folders: readonly Made[]): string {
    let within = root;
    for (const each of folders) {
      within = join(within, 'a');
      mkdirSync(within);
      chownSync(within, each.owner, each.group ?? each.owner);
      chmodSync(within, each.mode);
    }
    const path = join(within, 'agent.sock');
    writeFileSync(path, '');
    chownSync(path, owner, owner);
    return path;
  }
  const open = { owner: 0, mode: 0o1777 };

  it.each<[string, number, readonly Made[]]>([
    ['of the reader', reader, [open]],
    ['of root', 0, [open]],
    ['of a service, in the folder of the service', service, [{ owner: service, mode: 0o755 }]],
    [
      'of a service, in a folder within the folder of the service',
      service,
      [
        { owner: service, mode: 0o755 },
        { owner: service, mode: 0o750 },
      ],
    ],
  ])('%s counts as genuine', (_, owner, folders) => {
    const path = socketOf(owner, ...folders);
    expect(() => checkOwner(path, 'another', reader)).not.toThrow();
  });

  it.each<[string, readonly Made[]]>([
    ['in a folder open to all', [open]],
    ['in the folder of a service', [{ owner: service, mode: 0o775 }]],
    ['in a folder of theirs that is open to all', [{ owner: stranger, mode: 0o1777 }]],
    ['in a folder of theirs within one open to all', [open, { owner: stranger, mode: 0o755 }]],
    [
      'in a folder of theirs within one open to a group',
      [
        { owner: 0, group: 50_004, mode: 0o775 },
        { owner: stranger, mode: 0o755 },
      ],
    ],
    [
      'deep in folders of theirs within one open to all',
      [open, { owner: stranger, mode: 0o755 }, { owner: stranger, mode: 0o755 }],
    ],
    [
      'in a folder of theirs within that of a service',
      [
        { owner: service, mode: 0o755 },
        { owner: stranger, mode: 0o755 },
      ],
    ],
  ])('of a stranger, %s, is refused', (_, folders) => {
    const path = socketOf(stranger, ...folders);
    expect(() => checkOwner(path, 'another', reader)).toThrow(
      `The socket ${path} belongs to another user (uid ${stranger})`,
    );
  });

  it('behind a link of a stranger is refused', () => {
    const path = socketOf(service, { owner: service, mode: 0o755 });
    const link = join(folder, 'link');
    symlinkSync(join(path, '..'), link);
    lchownSync(link, stranger, stranger);
    const refusal = `${link} is a link of another user (uid ${stranger})`;
    expect(() => checkOwner(join(link, 'agent.sock'), 'another', reader)).toThrow(refusal);
    expect(() => checkFolders(join(link, 'agent.sock'), 'another')).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(refusal) }),
    );
  });

  it('cannot be judged in a folder that is closed to this user, and the error states it', () => {
    const path = socketOf(stranger, { owner: stranger, mode: 0o700 });
    process.seteuid?.(reader);
    try {
      for (const check of [checkFolders, checkOwner]) {
        expect(() => check(join(path, 'b', 'agent.sock'), 'another')).toThrow(
          expect.objectContaining({ code: 'NO_PERMISSION', message: expect.stringContaining('EACCES') }),
        );
      }
    } finally {
      process.seteuid?.(0);
    }
  });
});

describe('a socket at a path that leads nowhere', () => {
  it('is not judged where there is none', () => {
    expect(() => checkOwner(join(folder, 'absent.sock'), 'another')).not.toThrow();
  });

  it('is not judged behind a file', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const check of [checkFolders, checkOwner]) {
      expect(() => check(join(folder, 'file', 'b', 'agent.sock'), 'another')).not.toThrow();
    }
  });

  it('is refused behind a loop of links', () => {
    symlinkSync('loop', join(folder, 'loop'));
    expect(() => checkFolders(join(folder, 'loop', 'agent.sock'), 'another')).toThrow(
      'it leads through more than 40 links. Choose another.',
    );
  });
});
