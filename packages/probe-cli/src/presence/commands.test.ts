// `run --expect`, `init`, `check` and `lint probe` as they are called, with a program that sends OTLP.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { probed } from '../host/testHost.suite.ts';
import { shop } from './shop.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../run/budgetedRun.ts';

vi.setConfig({ testTimeout: 60_000 });

const root = mkdtempSync(join(tmpdir(), 'benchlab-presence-'));
afterAll(() => rmSync(root, { recursive: true }));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
});

function written(text: string, name = 'probe.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const good = `version: 1
series:
  - {name: orders_total, type: counter, labels: {shop: a}, delta: '== 3'}
spans:
  - {name: checkout, kind: server, root: true, attributes: {order.id: string}}
  - {name: price, parent: checkout}
logs:
  - {event: order.paid, within: checkout, fields: {by: {oneOf: [card, cash]}}}
budgets:
  - p95(checkout) < 1 s
`;

const schemaOf = (name: string) =>
  new Ajv2020({ strict: false }).compile(
    JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), 'utf8')),
  );

describe('run --expect', () => {
  it('passes a program that shows all, and lists each expectation and budget', async () => {
    const json = join(folder, 'result.json');

    const { code, out } = await probed('run', '--expect', written(good), '--json', json, '--', ...shop());

    expect(out).toMatch(/^PASS +p95\(checkout\) < 1 s .*0\.250 s/m);
    expect(out).toMatch(/^PASS +series orders_total\{shop="a"\} {2}/m);
    expect(out).toMatch(/^PASS +span price /m);
    expect(out).toMatch(/^PASS +log event order\.paid {2}/m);
    expect(code).toBe(0);
    const report = JSON.parse(readFileSync(json, 'utf8'));
    expect(report.judgements).toHaveLength(4);
    expect(report.judgements[0]).toMatchObject({ kind: 'presence', verdict: 'pass', n: 1, reason: null });
  });

  it('fails with 99, and states what is missing and what is nearest', async () => {
    const { code, out } = await probed(
      ...['run', '--expect', written(good), '--'],
      ...shop({ attributes: { 'order.uid': '17' } }),
    );

    expect(out).toMatch(/^FAIL +span checkout /m);
    expect(out).toContain('1 span named checkout arrived; the attribute order.id is missing on it; nearest: order.uid');
    expect(code).toBe(99);
  });

  it('is undecided with 98 where a signal did not come at all', async () => {
    const { code, out } = await probed(
      ...['run', '--expect', written(good), '--'],
      ...shop({ signals: ['traces', 'metrics'] }),
    );

    expect(out).toMatch(/^INCONCLUSIVE +log event order\.paid /m);
    expect(out).toContain('no log record arrived at all, other telemetry did');
    expect(code).toBe(98);
  });

  it('never passes without telemetry, also where a span must not arrive', async () => {
    const none = written('version: 1\nspans: [{name: error, count: 0}]\n');

    const { code, out } = await probed('run', '--expect', none, '--', ...shop({ signals: [] }));

    expect(out).toContain('no telemetry arrived at all');
    expect(code).toBe(98);
  });

  it('keeps the exit code of a program that failed', async () => {
    const { code } = await probed('run', '--expect', written(good), '--', ...shop({ exitCode: 7 }));

    expect(code).toBe(7);
  });

  it('reads the calibration that the file names from the folder of the file', async () => {
    const file = written('version: 1\nspans: [{name: checkout}]\nenergy: {calibration: rig.json}\n');

    const { code, err } = await probed('run', '--expect', file, '--', ...shop());

    expect(err).toContain(`--calibration ${join(folder, 'rig.json')} cannot be read`);
    expect(code).toBe(2);
  });

  it.each([
    ['a file that is not there', undefined, /--expect .* cannot be read: ENOENT.*init -- CMD writes one/],
    ['an empty file', '', /probe\.yaml:1 The file is empty/],
    ['a key that is not known', 'version: 1\nspanz: []', /:2:1 The key "spanz" is not known.*Did you mean spans\?/],
    ['many mistakes', `version: 1\nspans: [${'{a: 1},'.repeat(9)}]`, /and 8 more\.\s+benchlab-probe lint probe checks/],
  ])('refuses %s with 2, and starts nothing', async (_, text, message) => {
    const started = join(folder, 'started');
    const file = text === undefined ? join(folder, 'none.yaml') : written(text);

    const { code, err } = await probed(
      ...['run', '--expect', file, '--', process.execPath, '-e'],
      `require('fs').writeFileSync(${JSON.stringify(started)}, '')`,
    );

    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(existsSync(started)).toBe(false);
  });

  it('refuses a folder and a FIFO', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);

    expect((await probed('run', '--expect', folder, '--', 'true')).err).toContain('it is a folder');
    expect((await probed('run', '--expect', fifo, '--', 'true')).err).toContain('it is not a regular file');
  });
});

describe('check', () => {
  async function saved(options?: Parameters<typeof shop>[0]): Promise<string> {
    const path = join(folder, 'telemetry.json');
    await probed('run', '--save', path, '--', ...shop(options));
    return path;
  }

  it('judges saved telemetry as the run did, and its file is of the published form and for its owner alone', async () => {
    const path = await saved();

    const { code, out } = await probed('check', path, '--expect', written(good));

    expect(out).toMatch(/^PASS +p95\(checkout\) < 1 s .*0\.250 s/m);
    expect(out.match(/^PASS/gm)).toHaveLength(5);
    expect(code).toBe(0);
    expect(schemaOf('telemetry')(JSON.parse(readFileSync(path, 'utf8')))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('fails with 99 and is undecided with 98, as a run', async () => {
    const path = await saved({ signals: ['traces'] });

    const failed = await probed('check', path, '--expect', written('version: 1\nspans: [{name: chekout}]'));
    const undecided = await probed('check', path, '--expect', written('version: 1\nlogs: [{event: x}]'));

    expect(failed.out).toContain('no span named chekout arrived; nearest: checkout');
    expect(failed.code).toBe(99);
    expect(undecided.code).toBe(98);
  });

  it('leaves energy undecided, which is not in the file', async () => {
    const file = written('version: 1\nbudgets: [joules(checkout) < 1 J]');

    const { code, out } = await probed('check', await saved(), '--expect', file);

    expect(out).toContain('no board was read during this run');
    expect(code).toBe(98);
  });

  it('judges a metrics page by its series, and leaves undecided what a page does not show', async () => {
    const page = written('# TYPE orders counter\norders_total{shop="a"} 3\n# EOF\n', 'page.txt');
    const series = 'version: 1\nseries: [{name: orders_total, type: counter, value: ">= 3", labels: {shop: a}}]\n';

    expect(await probed('check', page, '--expect', written(series))).toMatchObject({ code: 0 });
    const missing = await probed('check', page, '--expect', written('version: 1\nseries: [{name: order_total}]'));
    expect(missing.out).toContain('no series order_total arrived; nearest: orders_total');
    expect(missing.code).toBe(99);
    const more = await probed(
      'check',
      page,
      '--expect',
      written(`${series}spans: [{name: checkout}]\nbudgets: [count(a) > 1]`),
    );
    expect(more.out).toContain('a metrics page has no spans');
    expect(more.code).toBe(98);
  });

  it.each([
    ['is not there', undefined, /cannot be read: ENOENT/],
    ['is empty', '', /is not saved telemetry: Unexpected end of JSON/],
    ['is a page with a mistake', 'orders_total three\n', /telemetry\.json cannot be read: .*three/],
    ['is binary', '\0\x01', /telemetry\.json cannot be read/],
    ['is other JSON', '{}', /is not saved telemetry: schema does not have the form of one.*run --save FILE/],
    [
      'has a span without an id',
      '{"schema":"benchlab-probe/telemetry","schemaVersion":1,"startedAt":"","lost":{},"series":[],"logs":[],"spans":[{}]}',
      /is not saved telemetry: spans\[0\]\.traceId does not have the form/,
    ],
    ['is of a later version', '{"schema":"benchlab-probe/telemetry","schemaVersion":2}', /schemaVersion does not have/],
  ])('refuses a file that %s with 2', async (_, text, message) => {
    const path = text === undefined ? join(folder, 'none.json') : written(text, 'telemetry.json');

    const { code, err } = await probed('check', path, '--expect', written(good));

    expect(err).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('init', () => {
  it('writes a file without values that the next run of the program passes', async () => {
    const file = join(folder, 'probe.yaml');

    const first = await probed('init', '--out', file, '--', ...shop());
    const { code, out } = await probed('run', '--expect', file, '--', ...shop({ attributes: { 'order.id': '99' } }));

    expect(first.out).toMatch(/probe\.yaml: 2 spans, 1 series, 1 log event$/m);
    expect(first.code).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=node_modules/@benchlab-otel/probe-cli/schema/probe.schema.json
      # What a run of node must show. It holds names and types of what one run showed, and no values.
      # benchlab-probe run --expect -- COMMAND holds a run against it.
      version: 1

      # Series under their Prometheus names, whether they come over OTLP or on a page.
      # To add: atLeast: 2 (label sets), value: '< 0.5' (of each), delta: '>= 1' (growth of all together).
      series:
        # 1 label set
        - name: orders_total
          type: counter
          labels: { shop: "*" }

      # To add: count: '== 20'; of an attribute { pattern: '^[0-9]+$' } or { oneOf: [a, b] }.
      spans:
        # 1 arrived
        - name: checkout
          kind: server
          status: [ unset ]
          root: true
          attributes:
            order.id: string
        # 1 arrived
        - name: price
          kind: internal
          status: [ unset ]
          parent: checkout

      # Log events. To add: atLeast: 2.
      logs:
        # 1 arrived
        - event: order.paid
          within: price
          fields:
            by: string

      # budgets:
      #   - p95(OPERATION) < 250 ms
      "
    `);
    expect(text).not.toContain('17');
    expect(out.match(/^PASS/gm)).toHaveLength(4);
    expect(code).toBe(0);
  });

  it('replaces a file only with --force, and otherwise starts nothing', async () => {
    const file = written('mine');

    const refused = await probed('init', '--out', file, '--', ...shop());
    expect(refused.err).toContain(`--out ${file} exists. Name another file, or add --force to replace it.`);
    expect(refused.code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('mine');

    const { code } = await probed('init', '--force', '--out', file, '--', ...shop());
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('name: checkout');
  });

  it.each([
    ['sends nothing', { signals: [] }, 97, /No telemetry of the program arrived, so .* was not written.*flushes/],
    ['fails', { exitCode: 7 }, 7, /the program failed with 7; .* was not written/],
  ])('writes nothing after a program that %s', async (_, options, expected, message) => {
    const file = join(folder, 'probe.yaml');

    const { code, err } = await probed('init', '--out', file, '--', ...shop(options));

    expect(err).toMatch(message);
    expect(code).toBe(expected);
    expect(existsSync(file)).toBe(false);
  });

  it('refuses a folder that is not there before it starts the program', async () => {
    const { code, err } = await probed('init', '--out', join(folder, 'no', 'probe.yaml'), '--', ...shop());

    expect(err).toContain('cannot be written');
    expect(code).toBe(2);
  });
});

describe('lint probe', () => {
  it('finds nothing in a good file', async () => {
    const { code, out } = await probed('lint', 'probe', written(good));

    expect(out).toBe('No mistakes in 1 file.\n');
    expect(code).toBe(0);
  });

  it('finds each mistake with its line, column and rule, also in files of a folder', async () => {
    written('version: 1\nspans:\n  - {name: a, knd: server}\n  - {name: b, count: many}\n', 'bad.probe.yaml');
    written('other: file\n', 'other.yaml');

    const { code, out } = await probed('lint', 'probe', folder);

    expect(out).toMatch(/bad\.probe\.yaml:3:15 error probe-key\n/);
    expect(out).toMatch(/bad\.probe\.yaml:4:22 error probe-value\n/);
    expect(out).toContain('2 errors and 0 warnings in 1 file.');
    expect(code).toBe(3);
  });
});
