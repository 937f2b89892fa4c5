import { metric } from '@benchlab-otel/presets';
import { figure } from '../../panels/figure.ts';
import { lines, stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { increase, maxBy, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { selector } from '../../queries/selector.ts';
import { share } from '../runtimeNames.ts';

const byProcess = ['job', 'instance'];
const processLegend = '{{instance}} ({{job}})';
const simd = sumBy(byProcess, rate(selector(metric.bitnetRustSimdOperations)));
const scalar = sumBy(byProcess, rate(selector(metric.bitnetRustScalarOperations)));

export function operations(): PanelDefinition {
  return stacked({
    id: 4,
    title: 'SIMD and scalar operations',
    description:
      'Operations a second that ran on SIMD units and without them, on top of each other: the outline is all of them. It rises with the tokens; the share next to it should not change.',
    unit: grafanaUnit(metric.bitnetRustSimdOperations, 'rate'),
    min: 0,
    queries: [query(simd, `SIMD ${processLegend}`, { min: 0 }), query(scalar, `scalar ${processLegend}`, { min: 0 })],
    noValue: 'No process counts its operations',
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 12,
    height: 8,
  });
}

export function simdShare(): PanelDefinition {
  return lines({
    id: 5,
    title: 'Share of SIMD operations',
    description:
      'Share of the operations that ran on SIMD units. A step down after a release or on another host means that the slow path is taken: check the flags of the build and the features of the CPU.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(quotient(simd, { expr: `(${simd.expr} + ${scalar.expr})`, labels: simd.labels }), processLegend, share),
    ],
    noValue: 'No process counts its operations',
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 6,
    height: 8,
  });
}

export function threads(): PanelDefinition {
  return lines({
    id: 6,
    title: 'Thread pool: threads that work',
    description:
      'Threads of the pool that have work. At the size of the pool while the queue grows, the pool is the limit; few threads while requests wait is a lock that they share.',
    unit: grafanaUnit(metric.bitnetRustThreadPoolActiveThreads),
    min: 0,
    queries: [query(maxBy(byProcess, selector(metric.bitnetRustThreadPoolActiveThreads)), processLegend, { min: 0 })],
    noValue: 'No process reports its threads',
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 6,
    height: 8,
  });
}

export function panics(): PanelDefinition {
  return figure({
    id: 10,
    title: 'Panics',
    description:
      'Panics in the time shown. There should be none: each is a bug that ended a request or a process. The log lines of that time have its place in the code.',
    unit: grafanaUnit(metric.bitnetRustPanic),
    min: 0,
    queries: [query(sumBy(byProcess, increase(selector(metric.bitnetRustPanic))), processLegend, { min: 0 })],
    noValue: 'No process counts its panics',
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    explores: ['logs'],
    width: 8,
    height: 8,
  });
}

export function resultErrors(): PanelDefinition {
  return lines({
    id: 11,
    title: 'Results that were errors',
    description:
      'Results a second that were errors inside the runtime, also those that it handled. A rise without failed requests is a fallback that is used more than it should be.',
    unit: grafanaUnit(metric.bitnetRustResultErrors, 'rate'),
    min: 0,
    queries: [query(sumBy(byProcess, rate(selector(metric.bitnetRustResultErrors))), processLegend, { min: 0 })],
    noValue: 'No process counts its errors',
    alerts: ['BitNetRustHighErrorRate'],
    width: 16,
    height: 8,
  });
}
