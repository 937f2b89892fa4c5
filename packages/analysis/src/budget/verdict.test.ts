import { attribute } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { figure, simulatedBoard, span, summary } from '../operations/example.suite.ts';
import { type OperationSummary, summariseOperations } from '../operations/operations.ts';
import { parseBudget } from './budget.ts';
import { type Evidence, judge } from './verdict.ts';

const latencies = [span('checkout', 0, 100), span('checkout', 200, 400), span('price', 0, 10)];

function evidence(operations: readonly OperationSummary[], more: Partial<Evidence> = {}): Evidence {
  return { operations, missingSpans: 0, metered: true, ...more };
}

/** `joules` a call, with an interval of ± 1.96 standard errors. */
function ofEnergy(joules: number, stderr: number, calls = 1): Evidence {
  const spans = Array.from({ length: calls }, (_, k) => span('checkout', k * 2000, k * 2000 + 1000));
  const whole = figure(joules * calls, 1.96 * stderr * calls);
  return evidence(summariseOperations(spans, new Map([['checkout', summary(calls, whole)]])));
}

describe('a latency budget', () => {
  const operations = summariseOperations(latencies);

  it.each([
    ['p50(checkout) < 150 ms', 'pass', 0.1],
    ['p95(checkout) < 150 ms', 'fail', 0.2],
    ['max(checkout) <= 200 ms', 'pass', 0.2],
    ['p99(checkout) > 1 s', 'fail', 0.2],
    ['count(checkout) < 2', 'fail', 2],
    ['count(checkout) >= 2', 'pass', 2],
    ['count(price) < 2', 'pass', 1],
  ])('%s is a %s', (text, outcome, observed) => {
    const verdict = judge(parseBudget(text), evidence(operations));

    expect(verdict.outcome).toBe(outcome);
    expect(verdict.observed).toBeCloseTo(observed, 9);
    expect(verdict.n).toBe(text.includes('checkout') ? 2 : 1);
  });

  it('on an operation that never arrived is inconclusive, and lists what arrived', () => {
    const verdict = judge(parseBudget('p95(chekout) < 1 s'), evidence(operations));

    expect(verdict).toMatchObject({ outcome: 'inconclusive', n: 0 });
    expect(verdict.observed).toBeUndefined();
    expect(verdict.reason).toBe(
      'no span named "chekout" arrived; did you mean checkout?; what arrived: checkout, price',
    );
  });

  it('is inconclusive when nothing arrived, for a count too', () => {
    const verdict = judge(parseBudget('count(checkout) < 5'), evidence([]));

    expect(verdict).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('no span arrived'),
    });
  });

  it('is decided while spans are missing only where they could not change it', () => {
    const missing = evidence(operations, { missingSpans: 7 });

    expect(judge(parseBudget('p50(checkout) < 1 s'), missing)).toMatchObject({
      outcome: 'inconclusive',
      reason: '7 spans are missing from the figures',
    });
    const outcome = (text: string) => judge(parseBudget(text), missing).outcome;
    expect(outcome('max(checkout) < 1 ms')).toBe('fail');
    expect(outcome('count(checkout) < 2')).toBe('fail');
    expect(outcome('count(checkout) < 3')).toBe('inconclusive');
    expect(outcome('count(checkout) >= 2')).toBe('pass');
    expect(outcome('count(checkout) >= 3')).toBe('inconclusive');
    expect(outcome('p50(checkout) < 1 ms')).toBe('inconclusive');
  });

  it.each([
    ['p90(checkout) < 150 ms', 'fail', 0.2],
    ['mean(checkout) < 160 ms', 'pass', 0.15],
    ['errors(checkout) == 0', 'pass', 0],
    ['errors(price) < 1 %', 'fail', 1],
    ['errors(price) <= 1', 'pass', 1],
    ['count(checkout) == 2', 'pass', 2],
    ['count(checkout) == 3', 'fail', 2],
    ['rate(checkout) > 30 /min', 'pass', 1],
    ['rate(checkout) < 1 /s', 'fail', 1],
  ])('%s is a %s', (text, outcome, observed) => {
    const spans = [...latencies.slice(0, 2), span('price', 0, 10, { failed: true })];

    const verdict = judge(parseBudget(text), evidence(summariseOperations(spans), { runSeconds: 2 }));

    expect(verdict.outcome).toBe(outcome);
    expect(verdict.observed).toBeCloseTo(observed, 9);
  });

  it('of a rate is inconclusive where the time of the run is not known', () => {
    expect(judge(parseBudget('rate(checkout) > 1 /s'), evidence(operations))).toMatchObject({
      outcome: 'inconclusive',
      reason: 'the time that the program ran is not known',
    });
  });

  it('stands while a known number of spans is missing, where no value of theirs could change it', () => {
    const hundred = Array.from({ length: 100 }, (_, k) => span('a', 1000 * k, 1000 * k + k + 1, { failed: k === 99 }));
    const outcome = (text: string, missingSpans: number) =>
      judge(parseBudget(text), evidence(summariseOperations(hundred), { missingSpans, runSeconds: 10 })).outcome;

    // With 3 longer calls more, the median is at most 52 ms, and with 3 shorter ones at least 49 ms.
    expect(outcome('p50(a) < 52.5 ms', 3)).toBe('pass');
    expect(outcome('p50(a) < 51.5 ms', 3)).toBe('inconclusive');
    expect(outcome('p50(a) < 48.5 ms', 3)).toBe('fail');
    expect(outcome('p99(a) < 1 s', 3)).toBe('inconclusive');
    expect(outcome('mean(a) < 1 s', 3)).toBe('inconclusive');
    expect(outcome('mean(a) < 49 ms', 3)).toBe('fail');
    expect(outcome('errors(a) < 5 %', 3)).toBe('pass');
    expect(outcome('errors(a) < 3 %', 3)).toBe('inconclusive');
    expect(outcome('errors(a) < 1', 3)).toBe('fail');
    expect(outcome('count(a) == 100', 3)).toBe('inconclusive');
    expect(outcome('count(a) == 104', 3)).toBe('fail');
    expect(outcome('count(a) < 104', 3)).toBe('pass');
    expect(outcome('rate(a) > 9 /s', 3)).toBe('pass');
    expect(outcome('rate(a) < 10.1 /s', 3)).toBe('inconclusive');
  });

  it('that what the program lost or did not sample could change is inconclusive, and states what is known', () => {
    const causes = ['850 with error.type queue_full'];
    const lost = { lostSpans: 850, isComplete: true, causes };
    const verdict = (text: string, loss: Evidence['loss']) =>
      judge(parseBudget(text), evidence(operations, loss === undefined ? {} : { loss }));

    expect(verdict('p95(checkout) < 5 s', lost)).toMatchObject({
      outcome: 'inconclusive',
      spansAreMissing: true,
      reason: 'the program lost 850 spans: 850 with error.type queue_full',
    });
    expect(verdict('count(checkout) < 1000', lost).outcome).toBe('pass');
    expect(verdict('count(checkout) < 1000', { ...lost, isComplete: false })).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('the program lost at least 850 spans'),
    });
    expect(verdict('max(checkout) < 100 ms', lost).outcome).toBe('fail');
    const unsent = { lostSpans: 0, isComplete: false, causes: [], unsentSpans: 850 };
    expect(verdict('p95(checkout) < 5 s', unsent)).toMatchObject({ outcome: 'inconclusive', spansAreMissing: true });
    expect(verdict('count(checkout) < 1000', unsent).outcome).toBe('pass');
    const sampled = { lostSpans: 0, isComplete: true, causes: [], sampling: 'OTEL_TRACES_SAMPLER is x' };
    expect(verdict('count(checkout) < 1000', sampled)).toMatchObject({
      outcome: 'inconclusive',
      reason: 'counts are of a part: OTEL_TRACES_SAMPLER is x',
    });
    const unknown = judge(
      parseBudget('count(checkout) < 1000'),
      evidence(operations, { missingText: 'lost: 7 spans' }),
    );
    expect(unknown).toMatchObject({ outcome: 'inconclusive', spansAreMissing: true, reason: 'lost: 7 spans' });
    expect(verdict('count(chekout) < 3', sampled).reason).toMatch(/did you mean checkout.*; counts are of a part/);
    expect(verdict('p95(checkout) < 5 s', { lostSpans: 0, isComplete: false, causes: [] }).outcome).toBe('pass');
  });

  it('lists ten of many names', () => {
    const many = summariseOperations(Array.from({ length: 15 }, (_, k) => span(`operation ${k}`, 0, 100 - k)));

    expect(judge(parseBudget('max(x) < 1 s'), evidence(many)).reason).toMatch(/operation 9 and 5 more$/);
  });
});

describe('a budget for several operations', () => {
  const [client, server] = [2, 1];
  const operations = summariseOperations([
    span('GET /cart', 0, 100, { kind: client }),
    span('GET /cart', 10, 90, { kind: server }),
    span('GET /pay', 0, 300, { kind: server }),
    span('PUT *', 0, 5),
  ]);
  const verdict = (text: string, more: Partial<Evidence> = {}) => judge(parseBudget(text), evidence(operations, more));

  it('is decided by the worst of those that match, which is named', () => {
    expect(verdict('p95(GET *) < 200 ms')).toMatchObject({
      outcome: 'fail',
      operation: 'GET /pay',
      matched: 3,
      observed: expect.closeTo(0.3, 9),
      n: 1,
    });
    expect(verdict('p95(GET *) < 1 s')).toMatchObject({ outcome: 'pass', operation: 'GET /pay' });
    expect(verdict('p95(GET *) > 90 ms')).toMatchObject({ outcome: 'fail', operation: 'GET /cart, server' });
    expect(verdict('count(*) == 1')).toMatchObject({ outcome: 'pass', matched: 4 });
  });

  it('is for one kind of span where it names the kind, and else for all kinds of the name', () => {
    expect(verdict('p95(GET /cart) < 1 s')).toMatchObject({ operation: 'GET /cart, client', matched: 2 });
    expect(verdict('p95(GET /cart, server) < 1 s').observed).toBeCloseTo(0.08, 9);
    expect(verdict('p95(GET /cart, server) < 1 s')).not.toHaveProperty('operation');
    expect(verdict('p95(GET *, server) < 1 s')).toMatchObject({ operation: 'GET /pay', matched: 2 });
    expect(verdict('p95(GET /pay, client) < 1 s')).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(
        /^no span named "GET \/pay" of kind client arrived; those of that name are of kind server;/,
      ),
    });
  });

  it('takes a star with a backslash for a star', () => {
    expect(verdict('max(PUT \\*) < 1 s').outcome).toBe('pass');
    expect(verdict('max(PUT \\*) < 1 s')).not.toHaveProperty('operation');
    expect(verdict('max(GET \\*) < 1 s').reason).toMatch(/^no span named "GET \*" arrived/);
    expect(verdict('max(POST *) < 1 s').reason).toMatch(/^no span that matches "POST \*" arrived/);
  });

  it('does not pass with a wildcard while spans are missing: one may be of an operation that never came', () => {
    expect(verdict('count(GET *) < 100', { missingSpans: 1 }).outcome).toBe('inconclusive');
    expect(verdict('count(GET /pay) < 100', { missingSpans: 1 }).outcome).toBe('pass');
    expect(verdict('max(GET *) < 1 ms', { missingSpans: 1 }).outcome).toBe('fail');
  });

  it('finds the texts between wildcards in their order, and takes no time for it', () => {
    const one = (name: string, pattern: string) =>
      judge(parseBudget(`count(${pattern}) >= 1`), evidence(summariseOperations([span(name, 0, 1)]))).outcome ===
      'pass';

    expect(one('GET /a/b/c', 'GET */b/*')).toBe(true);
    expect(one('GET /a/b/c', '*b*a*')).toBe(false);
    expect(one('aba', 'ab*ba')).toBe(false);
    expect(one('abba', 'ab*ba')).toBe(true);
    expect(one('aXbXc', 'a*X*c')).toBe(true);
    expect(one('a'.repeat(256), `${'*a'.repeat(200)}b`)).toBe(false);
  });
});

describe('an energy budget', () => {
  it('passes when the whole interval is below the limit', () => {
    const verdict = judge(parseBudget('joules(checkout) < 12 J'), ofEnergy(10, 1));

    expect(verdict).toMatchObject({ outcome: 'pass', observed: 10, n: 1 });
    expect(verdict.interval).toEqual({ low: expect.closeTo(8.04, 9), high: expect.closeTo(11.96, 9) });
  });

  it('fails only when the whole interval is beyond the limit', () => {
    expect(judge(parseBudget('joules(checkout) < 8 J'), ofEnergy(10, 1)).outcome).toBe('fail');
    expect(judge(parseBudget('joules(checkout) > 12 J'), ofEnergy(10, 1)).outcome).toBe('fail');
  });

  it.each(['joules(checkout) < 11 J', 'joules(checkout) < 9 J', 'joules(checkout) > 9 J'])(
    '%s is inconclusive when the interval of 10 ± 1.96 J straddles the limit',
    (text) => {
      expect(judge(parseBudget(text), ofEnergy(10, 1))).toMatchObject({
        outcome: 'inconclusive',
        observed: 10,
        reason: 'the 95 % interval straddles the limit',
      });
    },
  );

  it('is inconclusive while spans are missing: their energy is in that of others', () => {
    const missing = { ...ofEnergy(10, 1), missingSpans: 1 };

    expect(judge(parseBudget('joules(checkout) < 12 J'), missing)).toMatchObject({
      outcome: 'inconclusive',
      reason: '1 span is missing from the figures',
    });
  });

  it('gets surer with more calls', () => {
    expect(judge(parseBudget('joules(checkout) < 11 J'), ofEnergy(10, 1, 1)).outcome).toBe('inconclusive');
    expect(judge(parseBudget('joules(checkout) < 11 J'), ofEnergy(10, 0.3, 9)).outcome).toBe('pass');
  });

  it('is inconclusive on simulated readings unless they were allowed, and marked either way', () => {
    const operations = summariseOperations(
      [span('checkout', 0, 1000)],
      new Map([['checkout', summary(1, figure(10, 0.2), { source: simulatedBoard, nature: 'simulated' })]]),
    );
    const budget = parseBudget('joules(checkout) < 12 J');

    expect(judge(budget, evidence(operations))).toMatchObject({
      outcome: 'inconclusive',
      simulated: true,
      reason: expect.stringContaining('simulated'),
    });
    expect(judge(budget, evidence(operations, { allowSimulated: true }))).toMatchObject({
      outcome: 'pass',
      simulated: true,
    });
    expect(judge(budget, ofEnergy(10, 0.1))).not.toHaveProperty('simulated');
  });

  it('is inconclusive without a board', () => {
    const operations = summariseOperations(latencies);

    const verdict = judge(parseBudget('joules(checkout) < 1 J'), evidence(operations, { metered: false }));

    expect(verdict).toMatchObject({ outcome: 'inconclusive', reason: 'no board was read during this run' });
  });

  it('without a figure is inconclusive, with the reason and the time that would be enough', () => {
    const none = { kind: 'none', reason: { kind: 'not-covered', coverage: 0.666, needed: 0.95 } } as const;
    const wide = { kind: 'none', reason: { kind: 'too-wide', halfWidthJoules: 60 }, secondsMore: 12 } as const;
    const reason = (whole: typeof none | typeof wide) =>
      judge(
        parseBudget('joules(checkout) < 100 J'),
        evidence(summariseOperations([span('checkout', 0, 1000)], new Map([['checkout', summary(3, whole)]]))),
      ).reason;

    expect(reason(none)).toBe('samples cover 66.6 % of the time of the calls, 95 % is needed');
    expect(reason(wide)).toBe('the interval is ± 20 J, more than half of the figure; 12 s more would tell');
  });

  it('for a unit of work divides by the units that the calls state', () => {
    const attributes = { [attribute.energyUnit]: 'token', [attribute.energyUnits]: 50 };
    const spans = [span('chat', 0, 1000, { attributes }), span('chat', 1000, 2000, { attributes })];
    const chat = evidence(summariseOperations(spans, new Map([['chat', summary(2, figure(200, 10))]])));

    expect(judge(parseBudget('joules(chat) < 2.2 J/token'), chat)).toMatchObject({
      outcome: 'pass',
      observed: 2,
      interval: { low: 1.9, high: 2.1 },
      n: 2,
    });
    expect(judge(parseBudget('joules(chat) < 1 J/frame'), chat).reason).toBe(
      'its calls state the unit "token", not "frame"',
    );
    expect(judge(parseBudget('joules(checkout) < 1 J/frame'), ofEnergy(10, 1)).reason).toBe(
      'not all of its calls state benchlab.energy.unit = "frame" and benchlab.energy.units',
    );
  });
});
