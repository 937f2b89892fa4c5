// Comparisons that a probe.yaml asks for, and expectations that the runs of a comparison are held against.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { probed } from '../host/testHost.suite.ts';
// Loaded here, so that its loading does not count into the first test.
import '../run/budgetedRun.ts';
import { sender } from './sender.suite.ts';

vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'benchlab-expected-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function written(text: string, ending: string): string {
  const path = join(folder, `${files++}.${ending}`);
  writeFileSync(path, text);
  return path;
}
const probeFile = (...lines: readonly string[]) => written(['version: 1', ...lines, ''].join('\n'), 'yaml');
const program = (code: string) => `${process.execPath} ${written(code, 'cjs')}`;

/** Code that counts the runs of its program. */
const counting = (path: string) => `const fs = require('fs');
fs.appendFileSync(${JSON.stringify(path)}, 'x');
const runs = fs.readFileSync(${JSON.stringify(path)}).length;`;

const steady = program(sender({ checkout: '[100]' }));
const slower = program(sender({ checkout: '[110]' }));
const bound = ['--max-pairs', '30'];

describe('run --expect with a baseline', () => {
  it('compares with the baseline of the file, holds the candidate against its expectations, and keeps its telemetry', async () => {
    const [json, save] = [join(folder, 'result.json'), join(folder, 'telemetry.json')];
    const file = probeFile(
      'spans: [{name: checkout, count: 1}]',
      `baseline: {command: '${steady}', warmup: 0}`,
      "budgets: ['p95(checkout) < 1.05 x baseline', count(checkout) == 1]",
    );
    const args = ['run', '--expect', file, ...bound];

    const same = await probed(...args, '--json', json, '--save', save, '--', ...steady.split(' '));
    const worse = await probed(...args, '--', ...slower.split(' '));

    expect(same.out).toMatch(/^PASS +p95\(checkout\) < 1\.05 x baseline +ratio 1\.00, /m);
    expect(same.out).toMatch(/^PASS +count\(checkout\) == 1 /m);
    expect(same.out).toMatch(/^PASS +span checkout +1 span$/m);
    expect(same.out).toMatch(/^compared +\d+ pairs after 0 pairs of warm-up, with /m);
    expect(same.out.match(/there was no metrics page/g)).toHaveLength(2);
    expect(same.code).toBe(0);
    expect(JSON.parse(readFileSync(json, 'utf8')).judgements).toMatchObject([
      { kind: 'comparison', verdict: 'pass' },
      { kind: 'presence', verdict: 'pass' },
    ]);
    expect((await probed('check', save, '--expect', probeFile('spans: [{name: checkout, count: 1}]'))).code).toBe(0);
    expect(worse.out).toMatch(/^FAIL +p95\(checkout\) < 1\.05 x baseline +ratio 1\.10, /m);
    expect(worse.out).toMatch(/^PASS +span checkout /m);
    expect(worse.code).toBe(99);
  });

  it('fails where one run of the candidate does not meet an expectation, and keeps the telemetry of that run', async () => {
    const [counter, save] = [join(folder, 'turns'), join(folder, 'failed.json')];
    const once = sender({ checkout: '[100]', payment: 'runs === 3 ? [] : [5]' }, counting(counter));
    const file = probeFile('spans: [{name: payment}]');

    const { code, out } = await probed(
      ...['run', '--expect', file, '--save', save, '--baseline-cmd', steady, '--warmup', '0', ...bound],
      ...['--budget', 'p95(checkout) < 1.05 x baseline', '--', ...program(once).split(' ')],
    );

    expect(out).toMatch(/^PASS +p95\(checkout\) /m);
    expect(out).toMatch(/^FAIL +span payment /m);
    expect(out).toMatch(/in 1 of \d+ runs of the candidate: no span named payment arrived/);
    expect(code).toBe(99);
    expect((await probed('check', save, '--expect', file)).code).toBe(99);
  });

  it('takes the baseline of the command line before that of the file, and observes both programs alike', async () => {
    const seen = join(folder, 'environments');
    const environment = `require('fs').appendFileSync(${JSON.stringify(seen)}, [process.env.OTEL_METRICS_EXPORTER,
      process.env.OTEL_METRIC_EXPORT_INTERVAL, process.env.OTEL_LOGS_EXPORTER].join(' ') + '\\n');`;
    const observed = program(sender({ checkout: '[100]' }, environment));
    const file = probeFile(
      'spans: [{name: checkout}]',
      "baseline: {command: 'exit 7', warmup: 0}",
      "budgets: ['p95(checkout) < baseline']",
    );

    const { code, out } = await probed(
      ...['run', '--expect', file, '--baseline-cmd', observed, ...bound, '--', ...observed.split(' ')],
    );

    expect(out).toMatch(/^PASS +p95\(checkout\) < baseline /m);
    expect(code).toBe(0);
    const lines = readFileSync(seen, 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(new Set(lines)).toEqual(new Set(['otlp,prometheus 1000 otlp']));
  });

  it.each([
    [
      'a budget with a baseline where no baseline is named',
      ["budgets: ['p95(a) < baseline']"],
      /"p95\(a\) < baseline" needs a baseline\. .*or baseline to the file of --expect/,
    ],
    [
      'a baseline that no budget compares with',
      ['spans: [{name: a}]', 'baseline: {command: exit 0}'],
      /There is a baseline, and no budget that compares with it\. .*budgets of the file of --expect/,
    ],
    [
      'a budget with a baseline that cannot be read',
      ["budgets: ['count(a) < baseline']", 'baseline: {command: exit 0}'],
      /:2:11 Budget "count\(a\) < baseline" cannot be read\. "count" is not compared with a baseline/,
    ],
    [
      'a ref that is not there',
      ["budgets: ['p95(a) < baseline']", 'baseline: {ref: no-such-branch}'],
      /no-such-branch/,
    ],
  ])('refuses %s with 2, and starts nothing', async (_, lines, message) => {
    const marker = join(folder, 'started');

    const { code, err } = await probed('run', '--expect', probeFile(...lines), '--', 'touch', marker);

    expect(err.replaceAll('\n', ' ')).toMatch(message);
    expect(code).toBe(2);
    expect(existsSync(marker)).toBe(false);
  });
});
