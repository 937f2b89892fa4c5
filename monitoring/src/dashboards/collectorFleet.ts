import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { bars } from '../panels/bars.ts';
import { figure } from '../panels/figure.ts';
import { lines } from '../panels/lines.ts';
import type { PanelDefinition } from '../panels/panelDefinition.ts';
import { table } from '../panels/table.ts';
import { maxBy, quotient, rate, sumBy } from '../queries/expressions.ts';
import { unitNamed } from '../queries/grafanaUnit.ts';
import { type PanelQuery, query } from '../queries/queryShape.ts';
import { named } from '../queries/selector.ts';
import { thresholdsOf } from '../queries/thresholds.ts';
import { serviceVariablesOf, sourceVariables } from '../queries/variables.ts';

// Names as the reader in agent.yaml makes them: with units and suffixes, without scope labels.
const signals = ['spans', 'metric_points', 'log_records'] as const;
const collector = ['instance'];
const nothing = 'No collector is scraped';
const wide = { width: 12, height: 10 };
// A line for each signal of each exporter and collector.
const full = { legendAt: 'right', width: 24, height: 10 } as const;
const least = { min: 0 } as const;

/** All collectors: what goes in and out, what waits, what is refused, failed or lost. */
export function collectorFleet(): DashboardDefinition {
  return {
    name: 'collector-fleet',
    folder: 'Telemetry',
    title: 'Collector fleet',
    description:
      'OpenTelemetry collectors on the benches and behind them: what goes in and out, what waits, and what is lost.',
    tags: ['telemetry', 'collector'],
    from: 'now-1h',
    refresh: '30s',
    variables: [
      ...sourceVariables(),
      ...serviceVariablesOf('otelcol_process_memory_rss_bytes', 'node_filesystem_avail_bytes'),
    ],
    panels: [...figures(), ...flows(), ...troubles(), ...queues()],
    sections: [{ id: 40, title: 'The process', panels: processPanels() }],
  };
}

function figures(): readonly PanelDefinition[] {
  return [
    figure({
      id: 1,
      title: 'Collectors',
      description:
        'Collectors that Prometheus reads now. Fewer than there are: TargetDown names the one that is missing.',
      unit: unitNamed('{collector}'),
      queries: [
        query({ expr: `count(${named('otelcol_process_memory_rss_bytes')})`, labels: [] }, 'collectors', { min: 1 }),
      ],
      noValue: nothing,
      alerts: ['TargetDown'],
      opens: [['stack', 'Stack']],
      width: 12,
      height: 4,
    }),
    figure({
      id: 2,
      title: 'Fullest queue',
      description:
        'The queue of an exporter that is fullest, as a share of what it can hold. Above 0.8 its store is away or too slow: what comes when it is full is refused.',
      unit: unitNamed('1'),
      queries: [
        query(
          {
            expr: `max(${named('otelcol_exporter_queue_size')} / ${named('otelcol_exporter_queue_capacity')})`,
            labels: [],
          },
          'fullest',
          { min: 0, max: 1 },
        ),
      ],
      noValue: nothing,
      min: 0,
      max: 1,
      thresholds: thresholdsOf('CollectorQueueFilling'),
      alerts: ['CollectorQueueFilling'],
      width: 12,
      height: 4,
    }),
    table({
      id: 3,
      title: 'What each collector holds',
      description:
        'Requests that wait, by exporter and signal, and how many can. Sort by the first to find the store that is away.',
      unit: unitNamed(''),
      columns: { instance: 'Collector', exporter: 'Exporter', data_type: 'Signal' },
      queries: [
        query(maxBy([...collector, 'exporter', 'data_type'], named('otelcol_exporter_queue_size')), 'Waits', least),
        query(
          maxBy([...collector, 'exporter', 'data_type'], named('otelcol_exporter_queue_capacity')),
          'Can wait',
          least,
        ),
      ],
      noValue: nothing,
      alerts: ['CollectorQueueFilling'],
      width: 24,
      height: 8,
    }),
  ];
}

function flows(): readonly PanelDefinition[] {
  return [
    lines({
      id: 4,
      title: 'Accepted by receivers',
      description:
        'Spans, points and log records that the receivers took a second. A line that falls to 0 is a service that no longer sends: look at its own counts on Telemetry health.',
      unit: unitNamed('{item}', 'rate'),
      queries: each('otelcol_receiver_accepted', 'receiver'),
      noValue: nothing,
      min: 0,
      alerts: ['CollectorRefuses'],
      opens: [['telemetry-health', 'Telemetry health']],
      ...wide,
    }),
    lines({
      id: 6,
      title: 'Into and out of processors',
      description:
        'Items that went into each processor and came out of it. What comes out less was dropped on purpose by a filter or sampler; see its configuration before you look for a fault.',
      unit: unitNamed('{item}', 'rate'),
      queries: [
        query(
          sumBy([...collector, 'processor', 'otel_signal'], rate(named('otelcol_processor_incoming_items_total'))),
          'in {{otel_signal}} {{processor}} {{instance}}',
          least,
        ),
        query(
          sumBy([...collector, 'processor', 'otel_signal'], rate(named('otelcol_processor_outgoing_items_total'))),
          'out {{otel_signal}} {{processor}} {{instance}}',
          least,
        ),
      ],
      noValue: nothing,
      min: 0,
      opens: [['telemetry-health', 'Telemetry health']],
      ...wide,
    }),
    lines({
      id: 5,
      title: 'Sent by exporters',
      description:
        'What the exporters delivered a second. Below what is accepted for long, the difference waits in the queues; where two stores get the same signal, it is twice as much.',
      unit: unitNamed('{item}', 'rate'),
      queries: each('otelcol_exporter_sent', 'exporter'),
      noValue: nothing,
      min: 0,
      alerts: ['CollectorSendFailing'],
      ...full,
    }),
  ];
}

function troubles(): readonly PanelDefinition[] {
  return [
    trouble(
      8,
      'Refused by receivers',
      'otelcol_receiver_refused',
      'receiver',
      'CollectorRefuses',
      'What receivers did not take, because memory or a queue was full. Senders try again for a while, then it is lost: look at the queues.',
    ),
    trouble(
      9,
      'Failed in receivers',
      'otelcol_receiver_failed',
      'receiver',
      'CollectorRefuses',
      'What receivers took and could not hand on. It is a fault of the collector or its configuration: look at its log.',
    ),
    trouble(
      10,
      'Not queued: lost',
      'otelcol_exporter_enqueue_failed',
      'exporter',
      'CollectorDataLost',
      'What an exporter could not queue, because its queue is full. It is lost unless its sender tries again: make the store reachable, or the queue larger.',
    ),
    trouble(
      11,
      'Given up by exporters',
      'otelcol_exporter_send_failed',
      'exporter',
      'CollectorSendFailing',
      'What an exporter gave up after its last attempt. Its store is away for longer than the exporter tries, or it refuses: look at the log of both.',
    ),
  ];
}

function trouble(
  id: number,
  title: string,
  series: string,
  part: string,
  alert: string,
  description: string,
): PanelDefinition {
  return lines({
    id,
    title,
    description,
    unit: unitNamed('{item}', 'rate'),
    queries: each(series, part),
    noValue: nothing,
    min: 0,
    alerts: [alert],
    ...(part === 'exporter' ? full : wide),
  });
}

function queues(): readonly PanelDefinition[] {
  const exporter = [...collector, 'exporter', 'data_type'];
  return [
    lines({
      id: 7,
      title: 'Let through by the memory limiter',
      description:
        'Items that the limiter of memory let through. When it refuses, senders try again: give the collector more memory, or its stores more speed.',
      unit: unitNamed('{item}', 'rate'),
      queries: each('otelcol_processor_memory_limiter_accepted', 'processor'),
      noValue: 'No collector limits its memory',
      min: 0,
      alerts: ['CollectorRefuses'],
      ...wide,
    }),
    lines({
      id: 12,
      title: 'Queues of the exporters',
      description:
        'How full each queue is. A saw is usual; a line that climbs is a store that takes less than comes. At 1 new data is refused.',
      unit: unitNamed('1'),
      queries: [
        query(
          quotient(
            maxBy(exporter, named('otelcol_exporter_queue_size')),
            maxBy(exporter, named('otelcol_exporter_queue_capacity')),
          ),
          '{{exporter}} {{data_type}} {{instance}}',
          { min: 0, max: 1 },
        ),
      ],
      noValue: nothing,
      min: 0,
      max: 1,
      thresholds: thresholdsOf('CollectorQueueFilling'),
      alerts: ['CollectorQueueFilling'],
      ...wide,
    }),
    lines({
      id: 13,
      title: 'Requests on their way',
      description:
        'Requests that exporters have sent and that are not answered. As many as consumers for long is a store that answers slowly.',
      unit: unitNamed('{request}'),
      queries: [
        query(
          maxBy(exporter, named('otelcol_exporter_in_flight_requests')),
          '{{exporter}} {{data_type}} {{instance}}',
          least,
        ),
      ],
      noValue: nothing,
      min: 0,
      alerts: ['CollectorSendFailing'],
      ...wide,
    }),
    lines({
      id: 14,
      title: 'Disk that is free for queues',
      description:
        'Free share of the file systems that queues can be on. Below a tenth, a queue on disk may not grow: free some, or move it.',
      unit: unitNamed('1'),
      queries: [
        query(
          quotient(
            maxBy(['mountpoint', 'host_name'], named('node_filesystem_avail_bytes', disks)),
            maxBy(['mountpoint', 'host_name'], named('node_filesystem_size_bytes', disks)),
          ),
          '{{mountpoint}} {{host_name}}',
          { min: 0, max: 1 },
        ),
      ],
      noValue: 'No node_exporter is scraped',
      min: 0,
      max: 1,
      thresholds: thresholdsOf('CollectorQueueDiskLow'),
      alerts: ['CollectorQueueDiskLow', 'HostDiskFilling'],
      ...wide,
    }),
  ];
}

// Of node_exporter: choose its job and instance too.
const disks = 'mountpoint=~"/|/var|/var/lib.*"';

/** Closed: what the collectors themselves use. */
function processPanels(): readonly PanelDefinition[] {
  return [
    lines({
      id: 41,
      title: 'Memory of the collectors',
      description:
        'Memory that each process holds, and what of it Go has in use. Near its limit the memory limiter refuses: see what it lets through.',
      unit: unitNamed('By'),
      queries: [
        query(maxBy(collector, named('otelcol_process_memory_rss_bytes')), 'all {{instance}}', least),
        query(maxBy(collector, named('otelcol_process_runtime_heap_alloc_bytes')), 'heap {{instance}}', least),
      ],
      noValue: nothing,
      min: 0,
      opens: [['stack', 'Stack']],
      ...wide,
    }),
    lines({
      id: 42,
      title: 'CPU of the collectors',
      description:
        'Processors that each collector keeps busy. On a bench it should be a few hundredths: more disturbs what is measured.',
      unit: unitNamed(''),
      queries: [query(maxBy(collector, rate(named('otelcol_process_cpu_seconds_total'))), '{{instance}}', least)],
      noValue: nothing,
      min: 0,
      opens: [['stack', 'Stack']],
      ...wide,
    }),
    bars({
      id: 43,
      title: 'Restarts',
      description:
        'How often each collector started again in the time shown. One that restarts again and again runs out of memory, or cannot read its configuration: look at its log.',
      unit: unitNamed('{start}'),
      queries: [
        query(
          maxBy(collector, `resets(${named('otelcol_process_uptime_seconds_total')}[$__range])`),
          '{{instance}}',
          least,
        ),
      ],
      noValue: nothing,
      min: 0,
      alerts: ['ContainerRestarts'],
      width: 24,
      height: 6,
    }),
  ];
}

/** One query for each signal: their series have other names. */
function each(series: string, part: string): readonly PanelQuery[] {
  return signals.map((signal) =>
    query(
      sumBy([...collector, part], rate(named(`${series}_${signal}_total`))),
      `${signal.replace('_', ' ')} {{${part}}} {{instance}}`,
      { min: 0, series: { min: 1, max: 500 } },
    ),
  );
}
