import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { configText } from './configText.ts';
import { readConfig } from './readConfig.ts';
import { tomlFile } from './tomlFile.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const read = (path: string, environment: NodeJS.ProcessEnv = {}) => readConfig({ path, environment, flags: {} });

it('takes the file that BENCHLAB_CONFIG names, and --config before it', async () => {
  const BENCHLAB_CONFIG = written('a.toml', '[general]\nsample_hz = 1\n');
  const other = written('b.toml', '[general]\nsample_hz = 2\n');

  const named = await readConfig({ environment: { BENCHLAB_CONFIG }, flags: {} });

  expect([named.config.general.sample_hz, named.path]).toEqual([1, BENCHLAB_CONFIG]);
  expect((await read(other, { BENCHLAB_CONFIG })).config.general.sample_hz).toBe(2);
});

it.each([
  ['none.toml', () => undefined, 'ENOENT'],
  ['folder', (path: string) => mkdirSync(path), 'a folder'],
  ['large.toml', (path: string) => writeFileSync(path, Buffer.alloc(256 * 1024 + 1, ' ')), 'more than 256 KiB'],
])('refuses %s, which cannot be a configuration', async (name, make, words) => {
  const path = join(folder, name);
  make(path);

  await expect(read(path)).rejects.toMatchObject({ code: 'BAD_OPTION', message: expect.stringContaining(words) });
});

it('warns of a token that every user can read', async () => {
  const token = written('token', 'secret');
  const path = written('c.toml', `[prometheus]\ntoken_file = "${token}"\n`);
  chmodSync(token, 0o644);
  const open = await read(path);
  chmodSync(token, 0o640);
  const closed = await read(path);

  expect(open.notes).toEqual([`${path}:2: every user can read ${token}: chmod 640, with the group of the agent.`]);
  expect(closed.notes).toEqual([]);
});

it('is printed as a file that means the same, with the origin of each value and without a password', async () => {
  const path = written(
    'd.toml',
    '[otlp]\nendpoint = "http://me:secret@collector:4317"\n[gpu]\ndevices = [0, "GPU-a"]\n',
  );
  const first = await read(path, { BENCHLAB_SAMPLE_HZ: '2.5' });
  const text = configText(first);

  expect(text).toContain('sample_hz = 2.5 # BENCHLAB_SAMPLE_HZ\n');
  expect(text).toContain(`devices = [ 0, "GPU-a" ] # ${path}:4\n`);
  expect(text).toContain('bind = "127.0.0.1:9109" # default\n');
  expect(text).toContain('# token_file: not set.');
  expect(text).not.toContain('secret');
  const again = await read(written('e.toml', text.replace('***', 'me:secret')));
  expect(again.hash).toBe(first.hash);
  expect(tomlFile('x', Buffer.from(text)).values).toHaveProperty('retention.days', 90);
});
