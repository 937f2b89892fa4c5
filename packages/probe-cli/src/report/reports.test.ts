import { readFileSync } from 'node:fs';
import { judge, parseBudget, summariseOperations } from '@benchlab-otel/analysis';
import { describe, expect, it } from 'vitest';
import { energy, realBoard, simulatedBoard, span } from '../../../analysis/src/operations/example.suite.ts';
import { jsonReport } from './jsonReport.ts';
import type { RunResult } from './result.ts';
import { textReport } from './textReport.ts';

function result(more: Partial<RunResult> = {}): RunResult {
  const spans = [
    span('checkout', 0, 210),
    span('checkout', 300, 480, { failed: true }),
    span('price', 0, 40),
    span('price', 300, 351),
  ];
  const simulated = { source: simulatedBoard, nature: 'simulated' } as const;
  const energies = [
    energy(17.5, 0.4, simulated),
    energy(15.25, 0.4, simulated),
    energy(3.1, 0.7, { ...simulated, method: 'apportioned' }),
    energy(4.2, 0.7, { ...simulated, method: 'apportioned' }),
  ];
  const operations = summariseOperations(spans, energies);
  const evidence = { operations, missingSpans: 0, metered: true, allowSimulated: true };
  return {
    command: ['node', 'app.js', '--for', '1s'],
    startedAt: '2026-01-02T03:04:05.678Z',
    durationSeconds: 1.234,
    child: { code: 0 },
    meters: [
      {
        id: simulatedBoard.id,
        name: simulatedBoard.name,
        simulated: true,
        boundary: 'dc_rails',
        firmware: '6',
        samples: 25,
        askedHz: 20,
        seenHz: 19.97,
        losses: 0,
      },
    ],
    received: {
      requests: 2,
      refusedRequests: 0,
      spans: 4,
      droppedSpans: 0,
      invalidSpans: 0,
      repeatedSpans: 0,
      metrics: 1,
      droppedMetricPoints: 0,
      invalidMetricPoints: 0,
      logRecords: 0,
      droppedLogRecords: 0,
    },
    operations,
    verdicts: ['p95(checkout) < 250 ms', 'joules(checkout) < 16 J', 'joules(price) < 1 J', 'count(chekout) < 3']
      .map(parseBudget)
      .map((budget) => judge(budget, evidence)),
    troubles: [],
    notes: [],
    ...more,
  };
}

describe('the text report', () => {
  it('shows operations, what the joules are, verdicts and what was received', () => {
    expect(textReport(result())).toMatchInlineSnapshot(`
      "benchlab-probe run: node app.js --for 1s (1.23 s, exit code 0)

      operation  calls  errors      p50      p95      p99      max  J/call  ± 95 %  total J  coverage       method
      checkout       2       1   180 ms   210 ms   210 ms   210 ms    16.4   0.554     32.8     100 %       direct
      price          2       0  40.0 ms  51.0 ms  51.0 ms  51.0 ms    3.65   0.970     7.30     100 %  apportioned

      meter     BENCHLAB 2 "emulated" (simulated), 53494D100000000000000001, firmware 6: 25 samples, 20 Hz asked, 20.0 Hz seen
      boundary  dc_rails: the rails behind the power supply, without its loss
      method    direct (alone on the bench), apportioned (operations that ran at the same time share the power in equal parts)
      nature    simulated
      SIMULATED: an emulated board produced these joules. They are not those of this machine.

      PASS          p95(checkout) < 250 ms   observed 210 ms, n 2
      INCONCLUSIVE  joules(checkout) < 16 J  observed 16.4 J, 95 % interval 15.8 J to 16.9 J, n 2, on simulated readings, the 95 % interval straddles the limit
      FAIL          joules(price) < 1 J      observed 3.65 J, 95 % interval 2.68 J to 4.62 J, n 2, on simulated readings
      INCONCLUSIVE  count(chekout) < 3       nothing observed, n 0, no span named "chekout" arrived; did you mean checkout?; what arrived: checkout, price

      received  4 spans, 1 metric, 0 log records over OTLP
      "
    `);
  });

  it('without a board has no column of energy, and states why', () => {
    const operations = summariseOperations([span('checkout', 0, 210)], []);

    const text = textReport(
      result({ meters: [], operations, verdicts: [], notes: ['no board: no energy. No BENCHLAB was found.'] }),
    );

    expect(text).toMatchInlineSnapshot(`
      "benchlab-probe run: node app.js --for 1s (1.23 s, exit code 0)

      operation  calls  errors     p50     p95     p99     max
      checkout       1       0  210 ms  210 ms  210 ms  210 ms

      received  4 spans, 1 metric, 0 log records over OTLP
      note      no board: no energy. No BENCHLAB was found.
      "
    `);
  });

  it('of a run that sent nothing states that, with trouble and a signal', () => {
    const text = textReport(
      result({
        meters: [],
        operations: [],
        verdicts: [],
        child: { code: 143, signal: 'SIGTERM' },
        troubles: ['3 OTLP requests were refused as malformed or too large'],
      }),
    );

    expect(text).toContain('(1.23 s, ended by SIGTERM)');
    expect(text).toContain('No span arrived.');
    expect(text).toContain('trouble   3 OTLP requests were refused');
  });

  it('states no joules of twelve calls of which one was measured, and explains the dash', () => {
    const spans = Array.from({ length: 12 }, (_, k) => span('checkout', k * 1000, k * 1000 + 1000));
    const operations = summariseOperations(spans, [energy(20, 0.1)]);

    const text = textReport(result({ operations, verdicts: [] }));
    const [operation] = JSON.parse(jsonReport(result({ operations, verdicts: [] }))).operations;

    expect(text).toMatch(/^checkout .* 1\.00 s +- +- +- +8\.3 % +-$/m);
    expect(text).toContain('\n-  not measured: not covered by samples, or too short for so few calls\n');
    expect(operation.energy).toMatchObject({ calls: 1, coverage: expect.closeTo(1 / 12, 9), roles: {} });
    expect(textReport(result())).not.toContain('not measured');
  });

  it('names the meter that the joules come from where there are several', () => {
    const meter = { name: 'other', simulated: false, samples: 20, askedHz: 20, losses: 0 };
    const operations = summariseOperations([span('checkout', 0, 1000)], [energy(20, 0.1)]);
    const meters = [
      { ...meter, id: 'AA' },
      { ...meter, id: realBoard.id, name: realBoard.name },
    ];

    const text = textReport(result({ operations, meters, verdicts: [] }));

    expect(text).toContain(`joules    measured by ${realBoard.name}, ${realBoard.id}\n`);
    expect(textReport(result())).not.toContain('measured by');
  });

  it('labels an assumed firmware, as the JSON report does', () => {
    const [meter] = result().meters;
    if (meter === undefined) throw new Error('the example has a meter');
    const assumed = result({ meters: [{ ...meter, firmware: '9', assumedFirmware: '7' }] });

    expect(textReport(assumed)).toContain('firmware 9 (read as 7: assumed)');
    expect(JSON.parse(jsonReport(assumed)).meters[0]).toMatchObject({ firmware: '9', assumedFirmware: '7' });
  });

  it('never calls measured joules simulated', () => {
    const operations = summariseOperations([span('checkout', 0, 1000)], [energy(20, 0.1)]);
    const meters = [{ id: realBoard.id, name: realBoard.name, simulated: false, samples: 20, askedHz: 20, losses: 0 }];

    const text = textReport(result({ operations, meters, verdicts: [] }));

    expect(text).toContain('nature    measured');
    expect(text.toLowerCase()).not.toContain('simulated');
  });

  it('shows fifty operations and counts the rest', () => {
    const spans = Array.from({ length: 70 }, (_, k) => span(`operation ${k}`, 0, 100 + k));

    const text = textReport(result({ operations: summariseOperations(spans, []), verdicts: [], meters: [] }));

    expect(text).toContain('and 20 more operations: --json FILE has all of them');
    expect(text.split('\n').length).toBeLessThan(60);
  });

  it('lets no span name act on the terminal', () => {
    const operations = summariseOperations([span(`evil\x1b[2J\nname\u202e${'x'.repeat(100)}`, 0, 1)], []);

    const text = textReport(
      result({
        operations,
        verdicts: [judge(parseBudget('max(q) < 1 s'), { operations, missingSpans: 0, metered: false })],
      }),
    );

    expect(text).not.toContain('\x1b');
    expect(text).not.toContain('\u202e');
    expect(text).toContain('evil?[2J?name?xxx');
  });
});

describe('the JSON report', () => {
  it('has the form of the published schema', () => {
    const schema = JSON.parse(readFileSync(new URL('../../schema/run.schema.json', import.meta.url), 'utf8'));

    const reports = [
      result(),
      result({ meters: [], operations: [], verdicts: [], child: { code: 137, signal: 'SIGKILL' }, notes: ['n'] }),
    ].map((one) => JSON.parse(jsonReport(one)));

    for (const report of reports) expect(mismatches(report, schema, schema, '$')).toEqual([]);
    expect(mismatches({ ...reports[0], extra: 1 }, schema, schema, '$')).toEqual(['$.extra is not in the schema']);
  });

  it('keeps budgets in the unit in which they were written, and intervals with them', () => {
    const report = JSON.parse(jsonReport(result()));

    expect(report.budgets.map((budget: { verdict: string }) => budget.verdict)).toEqual([
      'pass',
      'inconclusive',
      'fail',
      'inconclusive',
    ]);
    expect(report.budgets[0]).toMatchObject({ unit: 'ms', limit: 250, observed: expect.closeTo(210, 6), n: 2 });
    expect(report.budgets[1].interval95.low).toBeLessThan(16);
    expect(report.budgets.map(({ simulated }: { simulated: boolean }) => simulated)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(report.exitCode).toBe(99);
    expect(report.simulated).toBe(true);
  });
});

/** Enough of JSON Schema to check the one schema of this package: type, const, enum, required, properties, items. */
// biome-ignore lint/suspicious/noExplicitAny: a schema is a tree of anything
function mismatches(value: any, schema: any, root: any, path: string): string[] {
  if (schema.$ref) return mismatches(value, root.$defs[schema.$ref.replace('#/$defs/', '')], root, path);
  const found: string[] = [];
  const types = [schema.type ?? []].flat();
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const fits = types.some((one: string) => one === type || (one === 'integer' && Number.isInteger(value)));
  if (types.length > 0 && !fits) found.push(`${path} is ${type}, not ${types}`);
  if ('const' in schema && value !== schema.const) found.push(`${path} is not ${schema.const}`);
  if (schema.enum && !schema.enum.includes(value)) found.push(`${path} is not one of ${schema.enum}`);
  if (type === 'array') {
    for (const [k, item] of value.entries()) found.push(...mismatches(item, schema.items ?? {}, root, `${path}[${k}]`));
  }
  if (type === 'object') {
    for (const name of schema.required ?? []) if (!(name in value)) found.push(`${path}.${name} is missing`);
    for (const [name, inner] of Object.entries(value)) {
      const property = schema.properties?.[name] ?? schema.additionalProperties;
      if (property === false || property === undefined) found.push(`${path}.${name} is not in the schema`);
      else found.push(...mismatches(inner, property, root, `${path}.${name}`));
    }
  }
  return found;
}
