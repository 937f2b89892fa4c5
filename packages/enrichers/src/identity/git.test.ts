import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { git } from './git.ts';

let folder: string;
/** Of this machine's user there is no configuration. */
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-enricher-'));
  const person = {
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'a@b',
  };
  env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', ...person };
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]): string =>
  execFileSync('git', args, { cwd: folder, env, stdio: 'pipe' }).toString().trim();
const resource = async (of = folder, more = {}): Promise<object> =>
  (await git({ folder: of, env: { ...env, ...more } }).resource?.()) ?? {};

function repository(): string {
  run('init', '--quiet', '--initial-branch', 'main');
  writeFileSync(join(folder, 'a.txt'), 'a');
  run('add', '.');
  run('commit', '--quiet', '--message', 'first');
  return run('rev-parse', 'HEAD');
}

describe('a repository', () => {
  it('has its commit, its branch, and whether tracked files differ', async () => {
    const revision = repository();
    const clean = { 'vcs.ref.head.revision': revision, 'vcs.ref.head.name': 'main', 'benchlab.vcs.modified': false };
    expect(await resource()).toEqual(clean);
    writeFileSync(join(folder, 'new.txt'), 'not tracked');
    expect(await resource()).toEqual(clean);
    writeFileSync(join(folder, 'a.txt'), 'changed');
    expect(await resource()).toEqual({ ...clean, 'benchlab.vcs.modified': true });
  });

  it.each([
    ['https://user:hunter2@example.com/a/b.git', 'https://example.com/a/b.git'],
    ['https://hunter2@example.com/a/b.git', 'https://example.com/a/b.git'],
    ['https://user:hunter2@x@example.com/a', 'https://example.com/a'],
    ['https://example.com/a?token=hunter2', 'https://example.com/a?token=…'],
    ['git@example.com:a/b.git', 'git@example.com:a/b.git'],
  ])('has its origin %s without credentials', async (given, shown) => {
    repository();
    run('remote', 'add', 'origin', given);
    expect(await resource()).toMatchObject({ 'vcs.repository.url.full': shown });
  });

  it('has no branch when its head is detached, and is the same in a worktree', async () => {
    const revision = repository();
    run('worktree', 'add', '--quiet', '--detach', 'tree');
    const found = await resource(join(folder, 'tree'));
    expect(found).toEqual({ 'vcs.ref.head.revision': revision, 'benchlab.vcs.modified': false });
  });

  it('of a hook is not the one that is looked at', async () => {
    const revision = repository();
    expect(await resource(folder, { GIT_DIR: '/nowhere' })).toMatchObject({ 'vcs.ref.head.revision': revision });
  });

  it('runs no program that it names', async () => {
    repository();
    const ran = join(folder, 'ran');
    const program = join(folder, 'monitor.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${ran}\n`);
    chmodSync(program, 0o755);
    run('config', 'core.fsmonitor', program);
    await resource();
    expect(existsSync(ran)).toBe(false);
  });
});

describe('nothing is added, and the reason is stated,', () => {
  it('without a repository', async () => {
    await expect(resource()).rejects.toThrow('not a git repository');
  });

  it('without a commit', async () => {
    run('init', '--quiet');
    await expect(resource()).rejects.toThrow('the repository has no commit');
  });

  it('where another user owns the repository', async () => {
    repository();
    await expect(resource(folder, { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' })).rejects.toThrow('dubious ownership');
  });

  it('without git, or in a folder that does not exist', async () => {
    await expect(resource(folder, { PATH: folder })).rejects.toThrow('git is not installed, or the folder does not');
    await expect(resource(join(folder, 'none'))).rejects.toThrow('git is not installed, or the folder does not exist');
  });

  it('where git takes too long, which is ended then', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), '#!/bin/sh\nexec sleep 60\n');
    chmodSync(join(bin, 'git'), 0o755);
    const slow = resource(folder, { PATH: `${bin}:${process.env.PATH}` });
    await expect(slow).rejects.toThrow('git took more than 900 ms');
  });
});

it('refuses wrong options', () => {
  expect(() => git({ foldr: 'x' } as never)).toThrow('folder');
  expect(() => git({ folder: '' })).toThrow('folder is "". It must be a text that is not empty.');
});
