import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bareEnvironment } from './bareEnvironment.ts';
import { isOfRoot } from './ofRoot.ts';
import { systemProgram } from './systemProgram.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-programs-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const name of ['sh', 'only-here', 'not-executable']) writeFileSync(join(folder, name), '#!/bin/sh\n');
for (const name of ['sh', 'only-here']) chmodSync(join(folder, name), 0o755);
mkdirSync(join(folder, 'a-folder'));
const path = `relative:${folder}:/usr/bin`;

test.each([
  ['root, for a program that PATH has before the system', 0, 'sh', /^\/(usr\/)?bin\/sh$/],
  ['root, for a program that only PATH has', 0, 'only-here', undefined],
  ['a user, for a program that PATH has before the system', 1000, 'sh', join(folder, 'sh')],
  ['a user, for a program that only PATH has', 1000, 'only-here', join(folder, 'only-here')],
  ['a user, for a file that cannot be run', 1000, 'not-executable', undefined],
  ['a user, for a folder', 1000, 'a-folder', undefined],
  ['a user, for a program that does not exist', 1000, 'no-such-program', undefined],
  ['a user, for a path that is not absolute', 1000, '../only-here', undefined],
  ['root, for an absolute path', 0, '/opt/mine/tool', '/opt/mine/tool'],
])('%s: the path is right', (_, uid, name, expected) => {
  const found = systemProgram(name, { uid, path });
  if (expected instanceof RegExp) expect(found).toMatch(expected);
  else expect(found).toBe(expected);
});

test('a user without PATH gets the programs of the system', () => {
  expect(systemProgram('sh', { uid: 1000, path: '' })).toMatch(/^\/(usr\/)?bin\/sh$/);
});

const ofAll = { LC_ALL: 'C.UTF-8', DISPLAY: ':0' };

test('a program of the system gets its own settings, and no token, header or setting of the application', () => {
  const settings = {
    ...ofAll,
    HOME: '/home/a',
    GST_DEBUG: '3',
    GST_PLUGIN_PATH: '/opt/gst',
    CUDA_VISIBLE_DEVICES: '0',
  };
  const others = {
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer s',
    BENCHLAB_TOKEN: 's',
    GST_TOKEN: 's',
    NVIDIA_API_KEY: 's',
    AWS_SECRET_ACCESS_KEY: 's',
    NODE_OPTIONS: '--require /tmp/x.js',
    LD_PRELOAD: '/tmp/x.so',
  };
  const environment = bareEnvironment({ ...settings, ...others, PATH: '/tmp/mine:/usr/bin' }, 1000);
  expect(environment).toEqual({ ...settings, PATH: '/usr/local/bin:/usr/bin:/bin' });
});

test('a program of the system gets from root no setting that leads to code', () => {
  const settings = {
    HOME: '/home/a',
    GST_PLUGIN_PATH: '/home/a/gst',
    GIO_MODULE_DIR: '/home/a/gio',
    LIBVA_DRIVERS_PATH: '/home/a/va',
    LD_LIBRARY_PATH: '/home/a/lib',
    XDG_CONFIG_HOME: '/home/a/.config',
    PATH: '/home/a/bin',
  };
  const environment = bareEnvironment({ ...ofAll, ...settings }, 0);
  expect(environment).toEqual({ ...ofAll, HOME: '/root', PATH: '/usr/bin:/bin' });
});

// Root makes the files of other users.
test.runIf(process.getuid?.() === 0).each([
  ['root alone may write to it', 0o755, 0o755, 0, true],
  ['all may write to it', 0o757, 0o755, 0, false],
  ['all may write to its folder', 0o755, 0o1777, 0, false],
  ['a group may write to its folder', 0o755, 0o775, 50, false],
  ['the group of root may write to its folder', 0o755, 0o775, 0, true],
])('a program counts as one of root: %s (needs root)', (_, mode, modeOfFolder, group, expected) => {
  const within = mkdtempSync(join(folder, 'a'));
  const [program, link] = [join(within, 'program'), join(folder, 'link')];
  writeFileSync(program, '');
  chmodSync(program, mode);
  chownSync(within, 0, group);
  chmodSync(within, modeOfFolder);
  chmodSync(folder, 0o755);
  symlinkSync(program, link);
  expect([isOfRoot(program), isOfRoot(link)]).toEqual([expected, expected]);
  rmSync(link);
});

test('a program that is not there does not count as one of root', () => {
  expect(isOfRoot(join(folder, 'absent'))).toBe(false);
});
