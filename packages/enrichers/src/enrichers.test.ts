import type { Attributes } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EnricherBench, type MakeEnricher } from './enricherBench.suite.ts';
import { enricherContract } from './enricherContract.suite.ts';
import { enrichers } from './enrichers.ts';

const rules = Object.entries(enricherContract);

describe.each(Object.entries(enrichers))('%s', (name, make) => {
  it('goes by its registered name', () => {
    expect(new EnricherBench(make).enricher.name).toBe(name);
  });

  it.each(rules)('%s', (_sentence, rule) => rule(make), 60_000);
});

/** Enrichers that break one rule each. */
const broken: readonly (readonly [string, string, MakeEnricher])[] = [
  ['sets an attribute that the registry lacks', 'adds only', atEnd(() => ({ 'ci.run': '42' }))],
  ['adds a field that the registry lacks', 'adds only', () => ({ name: 'x', fields: () => ({ pipeline: '42' }) })],
  ['sets text where the registry has a number', 'adds only', atEnd(() => ({ 'benchlab.energy.samples': 'many' }))],
  ['sets a fraction where the registry has whole numbers', 'adds only', atEnd(() => ({ 'process.pid': 1.5 }))],
  [
    'overwrites an attribute of the application',
    'leaves the attributes alone',
    () => ({ name: 'x', spanStarted: (span) => void span.setAttribute('hw.id', 'x') }),
  ],
  [
    'changes the attributes of a signal',
    'leaves the attributes alone',
    () => ({ name: 'x', fields: ({ attributes }) => Object.assign(attributes, { 'hw.id': 'x' }) }),
  ],
  [
    'throws for a span without a name',
    'never throws',
    atEnd(({ name }) => {
      if (name === '') throw new Error('no name');
      return {};
    }),
  ],
  [
    'rejects for a time that is not a number',
    'never throws',
    atEnd(({ endNs }) => Promise.resolve(BigInt(endNs) && {})),
  ],
  ['returns a list', 'never throws', () => ({ name: 'x', fields: () => [] as unknown as Attributes })],
  ['never answers', 'answers every ended span', atEnd(() => new Promise(() => {}))],
  [
    'waits for a sample without a limit',
    'answers every ended span',
    ({ history }) => ({
      name: 'x',
      spanEnded: () =>
        new Promise((resolve) => {
          const remove = history.onSample(() => {
            remove();
            resolve(undefined);
          });
        }),
    }),
  ],
  [
    'keeps every span',
    'holds a bounded number',
    () => {
      const kept = new Set<string>();
      return { name: 'x', spanStarted: (_span, _context, { spanId }) => void kept.add(spanId) };
    },
  ],
  [
    'leaves a timer of the clock',
    'leaves no timer',
    ({ clock }) => ({ name: 'x', spanStarted: () => void clock.at(clock.nowNs() + 3600e9, () => {}) }),
  ],
  [
    'leaves timers of Node',
    'leaves no timer',
    () => {
      // Far longer than the test takes, and more than timers of the test runner end meanwhile, also on a busy machine.
      const timers = Array.from({ length: 20 }, () => setTimeout(() => {}, 60_000));
      onTestFinished(() => {
        for (const timer of timers) clearTimeout(timer);
      });
      return { name: 'x' };
    },
  ],
  [
    'leaves a listener on the samples',
    'leaves no timer',
    ({ history }) => {
      history.onSample(() => {});
      return { name: 'x' };
    },
  ],
];

function atEnd(spanEnded: NonNullable<ReturnType<MakeEnricher>['spanEnded']>): MakeEnricher {
  return () => ({ name: 'x', spanEnded });
}

describe('the contract', () => {
  it.each(broken)('fails an enricher that %s', async (_what, begin, make) => {
    const [rule] = rules.flatMap(([sentence, each]) => (sentence.startsWith(begin) ? each : []));
    await expect(rule?.(make)).rejects.toThrow();
  });
});
