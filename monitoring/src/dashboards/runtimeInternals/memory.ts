import { metric } from '@benchlab-otel/presets';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { quotient, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { selector } from '../../queries/selector.ts';

const byProcess = ['job', 'instance'];
const processLegend = '{{instance}} ({{job}})';
const noValue = 'No process counts its allocations';
const allocated = sumBy(byProcess, rate(selector(metric.bitnetRustAllocations)));
const freed = sumBy(byProcess, rate(selector(metric.bitnetRustDeallocations)));

export function allocations(): PanelDefinition {
  return lines({
    id: 1,
    title: 'Allocations and deallocations',
    description:
      'Allocations and deallocations of memory a second. Both rise and fall with the requests. Many of them while requests are few is work in a loop that could keep its buffer.',
    unit: grafanaUnit(metric.bitnetRustAllocations, 'rate'),
    min: 0,
    queries: [
      query(allocated, `allocations ${processLegend}`, { min: 0 }),
      query(freed, `deallocations ${processLegend}`, { min: 0 }),
    ],
    noValue,
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 12,
    height: 8,
  });
}

export function allocationsKept(): PanelDefinition {
  return lines({
    id: 2,
    title: 'Allocations that are kept',
    description:
      'Allocations less deallocations, a second. Around 0 over minutes is right; a value that stays above it is memory that is never freed: compare with the memory of the runtime.',
    unit: grafanaUnit(metric.bitnetRustAllocations, 'rate'),
    queries: [query({ expr: `${allocated.expr} - ${freed.expr}`, labels: allocated.labels }, processLegend)],
    noValue,
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 6,
    height: 8,
  });
}

export function allocationsForRequest(): PanelDefinition {
  return lines({
    id: 3,
    title: 'Allocations for each request',
    description:
      'Allocations divided by requests. It does not depend on the load: a step up is a change of the code or of the requests, at the time of the step.',
    unit: unitNamed('{allocation}'),
    min: 0,
    queries: [
      query(quotient(allocated, sumBy(byProcess, rate(selector(metric.bitnetRequests)))), processLegend, { min: 0 }),
    ],
    noValue: 'No process counts both its allocations and its requests',
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 6,
    height: 8,
  });
}
