import {
  BudgetComparison,
  judge,
  parseBudget,
  parseRelativeBudget,
  summariseOperations,
} from '@benchlab-otel/analysis';
import { figure, simulatedBoard, span, summary } from '../../../analysis/src/operations/example.suite.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { RunResult } from './result.ts';

/** Text from outside that would act in one of the formats: on a terminal, in XML, Markdown, HTML or the log of GitHub. */
export const evil: string =
  '\0\x1b[2J\ud800\uffff\n::error::x\r\n##[error]%0A]]><script>alert(1)</script>|`a``b`*_[x](y)&amp;"\'\\ @user #1 :tada: $x$ www.x.de';

/** A run with an answer of every kind: passed, undecided twice, failed. */
export function runResult(more: Partial<RunResult> = {}): RunResult {
  const spans = [
    span('checkout', 0, 210),
    span('checkout', 300, 480, { failed: true }),
    span('price', 0, 40),
    span('price', 300, 351),
  ];
  const simulated = { source: simulatedBoard, nature: 'simulated', seconds: 0.39 } as const;
  const checkout = summary(2, figure(32.75, 1.11), simulated);
  const price = summary(2, figure(7.3, 1.94), {
    ...simulated,
    method: 'apportioned',
    weights: 'equal',
    added: { ...figure(0.2, 0.9), kind: 'not-different-from-zero', secondsMore: 39.5 },
  });
  const energies = new Map([
    ['checkout', { ...checkout, includesParts: true }],
    ['price', price],
  ]);
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
      refusedSpanRequests: 0,
      foreignRequests: 0,
      strangerRequests: 0,
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

/** A comparison after two pairs. */
export function comparisonExample(): Comparison {
  const budget = new BudgetComparison(parseRelativeBudget('p95(checkout) < 1.05 x baseline'), {
    margin: 1.05,
    tests: 1,
    mostPairs: 60,
  });
  const order = { candidateFirst: true, chanceFirst: 0.5 };
  budget.add({ value: 0.21, calls: 2 }, { value: 0.2, calls: 2 }, order);
  return {
    baseline: { kind: 'ref', ref: 'v1', commit: 'a'.repeat(40), candidateCommit: 'b'.repeat(40), changedFiles: 0 },
    end: 'running',
    pairs: 1,
    warmupPairs: 1,
    maxPairs: 60,
    maxSeconds: 600,
    verdicts: [budget.verdict('not decided yet after 1 pair', true)],
    runs: [
      {
        pair: 1,
        program: 'candidate',
        isFirst: true,
        startedAt: '2026-01-02T03:04:05.678Z',
        durationSeconds: 1,
        exitCode: 0,
        figures: [0.21, undefined],
      },
    ],
    machine: { model: 'CPU', processors: 2, governors: ['performance'], loadBefore: 0.25, throttled: 0 },
  };
}
