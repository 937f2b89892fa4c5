import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HostFiles, hostFiles } from './files.ts';

let root: string;
let files: HostFiles;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchlab-files-'));
  files = hostFiles(root);
});
afterEach(() => {
  files.close();
  rmSync(root, { recursive: true });
});

test('a file is read again each time through the descriptor that stays open', () => {
  writeFileSync(join(root, 'value'), '1\n');
  expect(files.read('/value')).toEqual({ kind: 'text', text: '1\n' });
  writeFileSync(join(root, 'value'), '22\n');
  expect(files.read('/value')).toEqual({ kind: 'text', text: '22\n' });
});

test('a missing file is absent, an unreadable one is broken, and neither throws', () => {
  mkdirSync(join(root, 'folder'));
  expect(files.read('/nothing')).toEqual({ kind: 'absent' });
  expect(files.read('/nothing/below')).toEqual({ kind: 'absent' });
  expect(files.read('/folder')).toEqual({ kind: 'broken' });
  expect(files.list('/nothing')).toEqual([]);
  expect(files.resolve('/nothing')).toBeUndefined();
  expect(files.space('/nothing')).toBeUndefined();
  files.close();
  files.close();
});

test('a file that never ends is cut', () => {
  symlinkSync('/dev/zero', join(root, 'endless'));
  const file = files.read('/endless');
  expect(file.kind === 'text' && file.text.length).toBe(256 * 1024);
});

test('more files than descriptors are all read', () => {
  const names = Array.from({ length: 600 }, (_, index) => `/f${index}`);
  for (const name of names) writeFileSync(join(root, name), name);
  for (const name of [...names, ...names]) expect(files.read(name)).toEqual({ kind: 'text', text: name });
});

test('a closed descriptor is opened again, on the file that is there now', () => {
  mkdirSync(join(root, 'chip'));
  writeFileSync(join(root, 'chip/temp1_input'), '1');
  files.read('/chip/temp1_input');
  unlinkSync(join(root, 'chip/temp1_input'));
  writeFileSync(join(root, 'chip/temp1_input'), '2');
  files.close('/chip/');
  expect(files.read('/chip/temp1_input')).toEqual({ kind: 'text', text: '2' });
});

test('links are followed, and the path is one of the host', () => {
  mkdirSync(join(root, 'devices/a'), { recursive: true });
  symlinkSync('devices/a', join(root, 'device'));
  expect(files.resolve('/device')).toBe('/devices/a');
});
