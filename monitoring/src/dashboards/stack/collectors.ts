import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, rate } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';
import { byProcess, processLegend } from './names.ts';

const noValue = 'No collector is scraped';

export function collectorMemory(): PanelDefinition {
  return lines({
    id: 19,
    title: 'Collectors: memory',
    description:
      'Memory of each collector. Near its limit it refuses data, which senders keep and send again: give it more memory, or find what sends so much. Its queues are on Collector fleet.',
    unit: unitNamed('By'),
    min: 0,
    queries: [query(maxBy(byProcess, named('otelcol_process_memory_rss_bytes')), processLegend, { min: 0 })],
    noValue,
    alerts: ['CollectorRefuses'],
    opens: [['collector-fleet', 'Collector fleet']],
    width: 12,
    height: 8,
  });
}

export function collectorCpu(): PanelDefinition {
  return lines({
    id: 20,
    title: 'Collectors: CPU',
    description:
      'CPU of each collector; 100 % is one logical processor. A rise without more data is work on the data: a regular expression, or a queue that is written again and again.',
    // Seconds of CPU a second.
    unit: unitNamed('s', 'rate'),
    min: 0,
    queries: [query(maxBy(byProcess, rate(named('otelcol_process_cpu_seconds_total'))), processLegend, { min: 0 })],
    noValue,
    opens: [['collector-fleet', 'Collector fleet']],
    width: 12,
    height: 8,
  });
}
