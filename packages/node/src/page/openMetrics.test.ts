import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { Exemplars } from './exemplars.ts';
import { pageNames } from './pageNames.ts';
import { setUp } from './pageText.suite.ts';

describe('in OpenMetrics', () => {
  it('counters are families without _total, and units and the end are marked', async () => {
    const { meter, text } = setUp({}, { 'service.name': 'checkout' }, { isOpenMetrics: true });
    meter().createCounter('hw.energy', { unit: 'J', description: 'A "quoted" help.' }).add(3, { 'hw.id': 'EPS1' });
    meter().createGauge('x.ratio.of', { unit: 'By/s' }).record(0.5);
    meter()
      .createHistogram('d', { unit: 's', advice: { explicitBucketBoundaries: [0.5, 1, 2e6, 0.00001].sort() } })
      .record(1);
    const page = await text();
    expect(page).toContain(
      [
        '# TYPE target info',
        'target_info{service_name="checkout"} 1',
        '# HELP hw_energy_joules A \\"quoted\\" help.',
        '# TYPE hw_energy_joules counter',
        '# UNIT hw_energy_joules joules',
        'hw_energy_joules_total{hw_id="EPS1"} 3',
        '# TYPE x_ratio_of_bytes_per_second gauge',
        '# UNIT x_ratio_of_bytes_per_second bytes_per_second',
        'x_ratio_of_bytes_per_second 0.5',
        '# TYPE d_seconds histogram',
        '# UNIT d_seconds seconds',
      ].join('\n'),
    );
    expect(page).toMatch(/le="1e-05"} 0\n.*le="0.5"} 0\n.*le="1.0"} 1\n.*le="2e\+06"} 1\n.*le="\+Inf"} 1\n/);
    expect(page.endsWith('\n# EOF\n')).toBe(true);
  });

  it('every series has the same name as in text', async () => {
    const names = pageNames('UnderscoreEscapingWithoutSuffixes', 'underscores');
    for (const options of [{}, { names }]) {
      const open = setUp({}, {}, { ...options, isOpenMetrics: true });
      const plain = setUp({}, {}, options);
      for (const { meter } of [open, plain]) {
        meter().createCounter('jobs').add(1);
        meter().createGauge('jobs.of').record(1);
        meter().createCounter('jobs.of').add(1);
        meter().createCounter('target').add(1);
      }
      const series = (page: string) => page.match(/^[^#\s]+ /gm);
      expect(series(await open.text())).toEqual(series(await plain.text()));
    }
  });

  it('a counter whose family name is already used has the type unknown', async () => {
    const { meter, text } = setUp({}, {}, { isOpenMetrics: true });
    meter().createGauge('jobs').record(5);
    meter('two').createCounter('jobs').add(1);
    expect(await text()).toContain('# TYPE jobs gauge\njobs 5\n# TYPE jobs_total unknown\njobs_total 1\n');
  });

  it('the sum of a histogram that may fall is left out, and the count with it', async () => {
    const { meter, text } = setUp({}, {}, { isOpenMetrics: true });
    meter()
      .createHistogram('change', { advice: { explicitBucketBoundaries: [-1, 1] } })
      .record(0);
    expect(await text()).not.toMatch(/change_(sum|count)/);
  });

  it('buckets and counters have the newest exemplar of their series, also when the attributes are different objects', async () => {
    const exemplars = new Exemplars();
    const { provider, text } = setUp({ environment: 'lab' }, {}, { isOpenMetrics: true, exemplars });
    const meter = exemplars.around(provider).getMeter('app');
    const within = (spanId: string) =>
      trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a'.repeat(32), spanId: spanId.repeat(16), traceFlags: 1 });
    const latency = meter.createHistogram('latency', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1] } });
    latency.record(0.7, { op: 'x' }, within('1'));
    latency.record(0.5, { op: 'x' }, within('2'));
    latency.record(9, { op: 'y' }, within('3'));
    meter.createCounter('jobs').add(2, {}, within('4'));
    const page = await text();
    const lineOf = (start: string) => page.split('\n').find((line) => line.startsWith(start));
    const exemplar = (spanId: string, value: number) =>
      expect.stringMatching(`# {trace_id="${'a'.repeat(32)}",span_id="${spanId.repeat(16)}"} ${value} \\d+\\.\\d{3}$`);
    expect(lineOf('latency_seconds_bucket{environment="lab",op="x",le="0.1"}')).not.toContain('trace_id');
    expect(lineOf('latency_seconds_bucket{environment="lab",op="x",le="1.0"}')).toEqual(exemplar('2', 0.5));
    expect(lineOf('latency_seconds_bucket{environment="lab",op="y",le="+Inf"}')).toEqual(exemplar('3', 9));
    expect(lineOf('jobs_total{environment="lab"}')).toEqual(exemplar('4', 2));
    expect(page.match(/trace_id/g)).toHaveLength(3);
  });

  it('text has no exemplars', async () => {
    const exemplars = new Exemplars();
    const { provider, text } = setUp({}, {}, { exemplars });
    const span = trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a', spanId: 'b', traceFlags: 1 });
    exemplars.around(provider).getMeter('app').createCounter('jobs').add(1, {}, span);
    expect(await text()).not.toContain('trace_id');
  });
});

describe('names with dots', () => {
  it('are quoted, and are written among the labels', async () => {
    const names = pageNames('NoUTF8EscapingWithSuffixes', 'allow-utf-8');
    const { meter, text } = setUp({}, { 'service.name': 'shop' }, { names });
    meter().createCounter('hw.energy', { unit: 'J', description: 'Energy.' }).add(3, { 'hw.id': 'a', plain: 'b' });
    meter()
      .createHistogram('d"', { advice: { explicitBucketBoundaries: [] } })
      .record(1);
    const page = await text();
    expect(page).toContain('target_info{"service.name"="shop"} 1\n');
    expect(page).toContain('# HELP "hw.energy_joules_total" Energy.\n# TYPE "hw.energy_joules_total" counter\n');
    expect(page).toContain('{"hw.energy_joules_total","hw.id"="a",plain="b"} 3\n');
    expect(page).toContain('{"d\\"_bucket",le="+Inf"} 1\n{"d\\"_sum"} 1\n{"d\\"_count"} 1\n');
    expect(page).toContain('{"benchlab.page.merged_points"} 0\n');
  });

  it('that become equal labels by escaping are merged', async () => {
    const { meter, text } = setUp({}, {}, { names: pageNames('NoTranslation', 'underscores') });
    meter().createUpDownCounter('jobs').add(1, { 'a.b': 'x' });
    meter().createUpDownCounter('jobs').add(2, { a_b: 'x' });
    expect(await text()).toContain('jobs{a_b="x"} 3\n');
  });
});
