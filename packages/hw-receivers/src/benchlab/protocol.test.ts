import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Every module that loading `file` loads: files of this package by URL, others by name. Type imports load nothing. */
function loads(file: URL, found: Set<string> = new Set()): Set<string> {
  if (found.has(file.href)) return found;
  found.add(file.href);
  const text = readFileSync(file, 'utf8');
  for (const [, names = '', from = ''] of text.matchAll(/^(?:import|export)\s+([^;]*?)\s*from\s+'([^']+)';/gms)) {
    if (names.startsWith('type ')) continue;
    if (from.startsWith('.')) loads(new URL(from, file), found);
    else found.add(from);
  }
  for (const [, name = ''] of text.matchAll(/(?:import|require)\('([^']+)'\)/g)) found.add(name);
  return found;
}

const others = (file: string) => [...loads(new URL(file, import.meta.url))].filter((name) => !name.startsWith('file:'));

test('the entry ./protocol loads no native module: neither serialport nor koffi', () => {
  expect(others('./protocol.ts').filter((name) => !name.startsWith('node:'))).toEqual(
    expect.not.arrayContaining(['serialport', 'koffi']),
  );
  expect(
    others('./protocol.ts').every((name) => /^(node:|@benchlab-otel\/core$|\.\.\/|@opentelemetry\/api$)/.test(name)),
  ).toBe(true);
});

test('the same look finds serialport behind the receiver, so it would find it behind ./protocol', () => {
  expect(others('./receiver.ts')).toContain('serialport');
});

test('the emulator loads no serialport, and koffi only when a board is emulated', () => {
  const found = others('../../../emulator/src/index.ts');
  expect(found).not.toContain('serialport');
  expect(found).toContain('@benchlab-otel/hw-receivers/protocol');
  const source = readFileSync(new URL('../../../emulator/src/pty/libc.ts', import.meta.url), 'utf8');
  expect(source).toContain("await import('koffi')");
  expect(source).not.toMatch(/^import .*koffi/m);
});
