// The script is sourced by a real bash, and asked as readline asks it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probed } from '../host/testHost.suite.ts';
import { commands } from '../program.ts';
import { commandTree } from './commandTree.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-completion-'));
const script = join(folder, 'completion.bash');
const tree = await commandTree(commands);
beforeAll(async () => {
  writeFileSync(script, (await probed('completion', 'bash')).out);
  writeFileSync(join(folder, 'a file.json'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What bash offers for the last of the words, for each of the command lines: one bash for all. */
function offered(lines: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const calls = lines.map((words) => {
    const quoted = words.map((word) => `'${word}'`).join(' ');
    return `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _benchlab_probe; printf '%s\\n' "\${COMPREPLY[@]}"; echo =====`;
  });
  const text = ['set -u', `source '${script}'`, ...calls].join('\n');
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '--noprofile', '-c', text], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout
    .split('=====\n')
    .slice(0, lines.length)
    .map((part) => part.split('\n').filter((word) => word !== ''));
}

const complete = (...words: readonly string[]) => offered([['benchlab-probe', ...words]])[0];

describe('completion in bash', () => {
  it('offers every command, and the commands of each group', () => {
    expect(complete('')).toEqual([...new Set(tree.map(({ path }) => path.split(' ')[0])), '--help', '--version']);
    expect(complete('record', '')).toEqual(['gst', 'stages', '--help']);
    expect(complete('rec')).toEqual(['record']);
  });

  it('offers every option of every command', () => {
    const lists = offered(tree.map(({ path }) => ['benchlab-probe', ...path.split(' '), '--']));

    for (const [index, { options }] of tree.entries()) {
      expect(lists[index]).toEqual(expect.arrayContaining([...options.map(({ long }) => long), '--help']));
    }
  });

  it('offers the words of closed sets, after a space and after =', () => {
    const closed = tree.flatMap(({ path, options }) =>
      options.filter(({ choices }) => choices.length > 0).map(({ long, choices }) => ({ path, long, choices })),
    );
    expect(closed.length).toBeGreaterThan(2);

    const spaced = offered(closed.map(({ path, long }) => ['benchlab-probe', ...path.split(' '), long, '']));
    const joined = offered(closed.map(({ path, long }) => ['benchlab-probe', ...path.split(' '), long, '=']));

    for (const [index, { choices }] of closed.entries()) {
      expect(spaced[index]).toEqual(choices);
      expect(joined[index]).toEqual(choices);
    }
    expect(complete('emulate', '--product', '=', 'o')).toEqual(['original']);
  });

  it('offers files where an option or an argument takes one, and nothing for numbers', () => {
    expect(complete('run', '--json', '')).toEqual(expect.arrayContaining(['completion.bash', 'a file.json']));
    expect(complete('lint', 'rules', 'compl')).toEqual(['completion.bash']);
    expect(complete('read', '--rate', '')).toEqual([]);
    expect(complete('read', '--agent', '--js')).toEqual(['--json']);
  });

  it('offers programs after --, then files, and no option of ours', () => {
    expect(complete('run', '--', 'bas')).toContain('bash');
    expect(complete('run', '--', 'node', 'compl')).toEqual(['completion.bash']);
    expect(complete('run', '--', 'node', '--')).not.toContain('--budget');
  });
});

it('of another shell is refused with the word to write', async () => {
  const { code, err, out } = await probed('completion', 'fish');

  expect(err).toContain('There is no completion for fish. Write: benchlab-probe completion bash');
  expect({ code, out }).toEqual({ code: 2, out: '' });
});
