import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { probed } from '../host/testHost.suite.ts';
import { program, serving } from './serving.suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'serve-expect-'));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = JSON.parse(readFileSync(new URL('../../schema/serve.schema.json', import.meta.url), 'utf8'));

function probeFile(text: string): string {
  const path = join(folder, `probe-${text.length}.yaml`);
  writeFileSync(path, text);
  return path;
}

/** What the program of these tests shows. */
const shown = `version: 1
spans: [{name: checkout, count: 1, root: true}]
series: [{name: orders_total, type: counter, delta: '== 3'}]
logs: [{event: checkout.end}]
budgets: [count(checkout) == 1]
`;

/** Serves one program with `--expect`, until SIGINT. */
async function judged(text: string, ...args: readonly string[]) {
  const { probe, endpoint } = await serving('--expect', probeFile(text), ...args);
  await program(endpoint);
  probe.send('SIGINT');
  return probe.ended;
}

/** The metrics of a program that state 850 lost spans, counted since `startedMs` from now. */
async function reportLoss(endpoint: string, startedMs: number): Promise<void> {
  const [now, unit] = [Date.now(), '{span}'];
  const attributes = [{ key: 'error.type', value: { stringValue: 'queue_full' } }];
  const times = { startTimeUnixNano: `${now + startedMs}000000`, timeUnixNano: `${now + 2}000000` };
  const sum = { isMonotonic: true, aggregationTemporality: 2, dataPoints: [{ ...times, asInt: 850, attributes }] };
  const metrics = [{ name: 'otel.sdk.processor.span.processed', unit, sum }];
  const { status } = await fetch(`${endpoint}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
  });
  expect(status).toBe(200);
}

describe('benchlab-probe serve --expect', () => {
  it('judges all that arrived at the end, and saves it for check', async () => {
    const [json, save] = [join(folder, 'judged.json'), join(folder, 'saved.json')];

    const { code, out } = await judged(shown, '--json', json, '--save', save);

    expect(out).toMatch(/^PASS +count\(checkout\) == 1 /m);
    expect(out).toMatch(/^PASS +span checkout +1 span$/m);
    expect(out).toMatch(/^PASS +series orders_total /m);
    expect(out).toMatch(/^PASS +log event checkout\.end /m);
    expect(code).toBe(0);
    const report = JSON.parse(readFileSync(json, 'utf8'));
    expect(new Ajv2020({ allowUnionTypes: true }).validate(schema, report)).toBe(true);
    expect(report.budgets).toMatchObject([{ budget: 'count(checkout) == 1', verdict: 'pass' }]);
    expect(report.judgements.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['pass', 'pass', 'pass']);
    const checked = await probed('check', save, '--expect', probeFile(shown));
    expect([checked.code, checked.out]).toEqual([0, expect.stringMatching(/^PASS +log event checkout\.end /m)]);
  });

  it('fails with 99 where an expectation does not hold, and names what is nearest', async () => {
    const { code, out } = await judged(shown.replace('name: checkout', 'name: chekout'));

    expect(out).toMatch(/^FAIL +span chekout /m);
    expect(out).toContain('no span named chekout arrived; nearest: checkout');
    expect(code).toBe(99);
  });

  it('is undecided, 98, without telemetry, and for budgets on energy and on a baseline', async () => {
    const none = await probed('serve', '--listen', '127.0.0.1:0', '--for', '10ms', '--expect', probeFile(shown));
    const others = "version: 1\nbudgets: ['joules(checkout) < 1 J', 'p95(checkout) < 1.05 x baseline']\n";
    const { code, out } = await judged(others);

    expect(none.out).toContain('no telemetry arrived at all');
    expect(none.code).toBe(98);
    expect(out).toMatch(/^INCONCLUSIVE +joules\(checkout\) < 1 J /m);
    expect(out).toMatch(/^INCONCLUSIVE +p95\(checkout\) < 1\.05 x baseline +nothing was compared with a baseline/m);
    expect(code).toBe(98);
  });

  it.each([
    ['before the receiver was there is not counted', -3_600_000, [0, expect.not.stringContaining('lost')]],
    ['since then is trouble, 97', 1, [97, expect.stringContaining('the program lost 850 spans')]],
  ])('what a program lost %s', async (_, startedMs, expected) => {
    const { probe, endpoint } = await serving();
    await reportLoss(endpoint, startedMs);
    probe.send('SIGINT');
    const { code, out } = await probe.ended;

    expect([code, out]).toEqual(expected);
  });

  it('is undecided, 98, where what the program lost could change an expectation', async () => {
    const { probe, endpoint } = await serving(
      '--expect',
      probeFile('version: 1\nspans: [{name: checkout, count: 1}]\n'),
    );
    await program(endpoint);
    await reportLoss(endpoint, 1);
    probe.send('SIGINT');
    const { code, out } = await probe.ended;

    expect(out).toMatch(/^INCONCLUSIVE +span checkout/m);
    expect(out).toMatch(/lost: (?:at least )?850 spans of the program \(850 with error\.type queue_full\)/);
    expect(code).toBe(98);
  });

  it.each([
    ['a file that is not there', '/nowhere/probe.yaml', /--expect.*ENOENT/s],
    ['a wrong key', probeFile('version: 1\nspanz: []\n'), /probe-\d+\.yaml:2:1 The key "spanz" is not known/],
  ])('refuses %s with 2', async (_, file, message) => {
    const { code, out, err } = await probed('serve', '--listen', '127.0.0.1:0', '--expect', file);
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(message)]);
  });
});
