import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probed } from '../host/testHost.suite.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

describe('benchlab-probe lint', () => {
  it('ends with 0 and the number of files where it finds nothing', async () => {
    file('a.yaml', 'kind: ConfigMap\n');
    file('deep/b.yml', 'kind: ConfigMap\n');
    file('.hidden/c.yaml', 'a: 1\na: 2\n');
    file('node_modules/d.yaml', 'a: 1\na: 2\n');
    file('e.txt', 'a: 1\na: 2\n');

    expect(await probed('lint', 'collector', folder)).toEqual({ code: 0, out: 'No mistakes in 2 files.\n', err: '' });
  });

  it('prints each finding with its place, its rule and its fix, and ends with 3', async () => {
    const path = file('a.yaml', 'a: 1\nb: 2\na: 3\n');

    const { code, out } = await probed('lint', 'collector', path);

    expect(out).toBe(
      `${path}:3:1 error yaml-duplicate-key\n  The key stands in this map twice.\n  Remove one of the two, or join them.\n\n` +
        '1 error and 0 warnings in 1 file.\n',
    );
    expect(code).toBe(3);
  });

  it('prints JSON', async () => {
    const path = file('a.yaml', 'a: 1\na: 3\n');

    const { code, out } = await probed('lint', 'collector', '--format', 'json', path);

    expect(JSON.parse(out)).toMatchObject({
      schema: 'benchlab-probe/lint',
      schemaVersion: 1,
      kind: 'collector',
      files: 1,
      errors: 1,
      warnings: 0,
      notShown: 0,
      findings: [{ rule: 'yaml-duplicate-key', file: path, line: 2, column: 1, severity: 'error' }],
    });
    expect(code).toBe(3);
  });

  it('prints annotations for GitHub, and takes the flag after the paths too', async () => {
    const path = file('100%,a.yaml', 'a: 1\na: 3\n');

    const { code, out } = await probed('lint', 'collector', path, '--format', 'github');

    expect(out.split('\n')[0]).toBe(
      `::error file=${folder}/100%25%2Ca.yaml,line=2,col=1,title=yaml-duplicate-key::` +
        'The key stands in this map twice. Remove one of the two, or join them.',
    );
    expect(code).toBe(3);
  });

  it('reads a file once that is named twice and lies in a folder that is named', async () => {
    const path = file('a.yaml', 'a: 1\na: 3\n');
    symlinkSync(path, join(folder, 'b.yaml'));

    expect((await probed('lint', 'collector', path, folder, path)).out).toContain('1 error and 0 warnings in 1 file.');
  });
});

describe('benchlab-probe lint of a file without text', () => {
  it.each<[string, string, (path: string) => void]>([
    ['that is empty', 'file-empty', (path) => writeFileSync(path, '')],
    ['of zero bytes', 'file-binary', (path) => writeFileSync(path, Buffer.alloc(100))],
    ['of 50 MB', 'file-too-large', (path) => writeFileSync(path, Buffer.alloc(50_000_000, 'a'))],
    ['in Latin-1', 'file-not-utf8', (path) => writeFileSync(path, Buffer.from('a: \xe4', 'latin1'))],
    ['that is a FIFO', 'file-unreadable', (path) => void execFileSync('mkfifo', [path])],
    ['that is a link to nothing', 'file-unreadable', (path) => symlinkSync('nothing', path)],
  ])('%s names it', async (_, rule, make) => {
    const path = join(folder, 'a.yaml');
    make(path);

    const { code, out } = await probed('lint', 'collector', folder);

    expect(out).toContain(`${path}:1 error ${rule}\n`);
    expect(out).toContain('1 error and 0 warnings in 1 file.');
    expect(code).toBe(3);
  });

  it('with a byte order mark is read without it', async () => {
    expect((await probed('lint', 'collector', file('a.yaml', '\uFEFFkind: ConfigMap\n'))).code).toBe(0);
  });
});

describe('benchlab-probe lint dashboards', () => {
  const panel = (expr: string) => ({ id: 1, type: 'text', title: 'a', targets: [{ refId: 'A', expr }] });
  const dashboard = (expr: string) => JSON.stringify({ title: 'a', uid: 'a', panels: [panel(expr)] });

  it('prints a finding with file, place, panel and query, and ends with 3', async () => {
    const path = file('a.json', dashboard('sum(hw_host_power_wats)'));

    const { code, out } = await probed('lint', 'dashboards', folder);

    expect(out).toMatch(
      /a\.json:1:\d+ error series-unknown\n {2}Panel 1 "a", query A: No program is known to serve hw_host_power_wats\.\n {2}Write hw_host_power_watts/,
    );
    expect(out).toContain(path);
    expect(code).toBe(3);
  });

  it('knows the metrics of the registries that are named', async () => {
    const path = file('a.json', dashboard('sum(hw_host_orders)'));
    const first = file('r/a.yaml', 'metrics: [{name: hw.host.orders, instrument: gauge, unit: ""}]');

    expect((await probed('lint', 'dashboards', path)).out).toContain('series-unknown');
    expect((await probed('lint', 'dashboards', '--registry', first, path)).out).not.toContain('series-unknown');
  });

  it.each([
    ['no file', undefined, /does not exist/],
    ['not a registry', 'a: 1', /No metric is defined in .*r\.yaml/],
    ['empty', '', /is not a registry: The file is empty/],
  ])('ends with 2 where a registry is %s', async (_, content, message) => {
    const path = file('a.json', dashboard('up'));
    const wanted = content === undefined ? join(folder, 'r.yaml') : file('r.yaml', content);

    const { code, err } = await probed('lint', 'dashboards', path, '--registry', wanted);

    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it('does not read a dashboard of 50 MB, and names it', async () => {
    const path = file('a.json', Buffer.alloc(50_000_000, '{'));

    const { code, out } = await probed('lint', 'dashboards', folder);

    expect(out).toContain(`${path}:1 error file-too-large`);
    expect(code).toBe(3);
  });
});

describe('a wrong command line of lint', () => {
  it.each([
    [['lint', 'collector'], /missing required argument 'path'/],
    [['lint', 'collector', '/no/such/file.yaml'], /\/no\/such\/file\.yaml does not exist\. Name files/],
    [['lint', 'collector', '/proc/self/fd'], /\/proc\/self\/fd holds no file that ends in \.yaml/],
    [['lint', 'nothing', '/dev/null'], /unknown command 'nothing'/],
    [['lint', 'collector', '--format', 'xml', '/dev/null'], /Allowed choices are text, json, github/],
  ])('ends with 2: %j', async (args, message) => {
    const { code, out, err } = await probed(...args);

    expect(err).toMatch(message);
    expect(out).toBe('');
    expect(code).toBe(2);
  });
});
