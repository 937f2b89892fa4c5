import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { byProcess, largest, noNodeExporter, processLegend, share } from './names.ts';

const size = { noValue: noNodeExporter, width: 8, height: 8 } as const;

export function hostCpu(): PanelDefinition {
  // Of all logical processors, what is not idle.
  const idle = `avg by (job, instance) (${rate(named('node_cpu_seconds_total', 'mode="idle"'))})`;
  return lines({
    id: 21,
    title: 'Hosts: CPU',
    description:
      'Share of the CPU of each host that is used. The monitoring itself should take little of it: when a host of the monitoring is busy, its answers and alerts are late.',
    unit: unitNamed('1'),
    ...share,
    queries: [query({ expr: `1 - ${idle}`, labels: byProcess }, processLegend, share)],
    opens: [['bench-host', 'Bench host']],
    ...size,
  });
}

export function hostMemory(): PanelDefinition {
  return lines({
    id: 22,
    title: 'Hosts: memory that is free',
    description:
      'Share of the memory that new programs can have without swapping. Near 0 the kernel ends a program, often Prometheus, because it is the largest.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        quotient(
          maxBy(byProcess, named('node_memory_MemAvailable_bytes')),
          maxBy(byProcess, named('node_memory_MemTotal_bytes')),
        ),
        processLegend,
        share,
      ),
    ],
    opens: [['bench-host', 'Bench host']],
    ...size,
  });
}

export function diskFree(): PanelDefinition {
  const by = [...byProcess, 'mountpoint'];
  // What is not on a disk of its own is left out, as in the alert HostDiskFilling.
  const onDisk = 'fstype!~"tmpfs|overlay|squashfs"';
  return lines({
    id: 23,
    title: 'Hosts: disk that is free',
    description:
      'Share of each file system that is free. Orange, while it is filling, and red are alerts: the queues of the collector and the data of Prometheus stop when nothing is left.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        quotient(
          maxBy(by, named('node_filesystem_avail_bytes', onDisk)),
          maxBy(by, named('node_filesystem_size_bytes', onDisk)),
        ),
        `${processLegend} {{mountpoint}}`,
        { ...share, series: { min: 1, max: 100 } },
      ),
    ],
    thresholds: thresholdsOf('HostDiskFilling', 'CollectorQueueDiskLow'),
    alerts: ['HostDiskFilling', 'CollectorQueueDiskLow'],
    ...size,
  });
}

export function diskBusy(): PanelDefinition {
  return lines({
    id: 24,
    title: 'Hosts: disks at work',
    description:
      'Share of the time in which each disk had something to do, of the ten busiest. Near 1 while samples do not rise is another program on the same disk: give Prometheus one of its own.',
    unit: unitNamed('1'),
    ...share,
    queries: [
      query(
        largest(maxBy([...byProcess, 'device'], rate(named('node_disk_io_time_seconds_total')))),
        `${processLegend} {{device}}`,
        { min: 0, series: { min: 1, max: 10 } },
      ),
    ],
    opens: [['bench-host', 'Bench host']],
    ...size,
  });
}

export function hostNetwork(): PanelDefinition {
  const directions = [
    ['node_network_receive_bytes_total', 'received'],
    ['node_network_transmit_bytes_total', 'sent'],
  ] as const;
  return lines({
    id: 25,
    title: 'Hosts: network',
    description:
      'Bytes a second that each host receives and sends on all its links, without the loopback. What the collectors send should be most of it on a host of the monitoring.',
    unit: unitNamed('By', 'rate'),
    min: 0,
    queries: directions.map(([series, word]) =>
      query(sumBy(byProcess, rate(named(series, 'device!="lo"'))), `${processLegend} ${word}`, { min: 0 }),
    ),
    opens: [['bench-host', 'Bench host']],
    ...size,
  });
}

export function pressure(): PanelDefinition {
  const resources = [
    ['node_pressure_cpu_waiting_seconds_total', 'CPU'],
    ['node_pressure_io_waiting_seconds_total', 'disk'],
    ['node_pressure_memory_waiting_seconds_total', 'memory'],
  ] as const;
  return lines({
    id: 26,
    title: 'Hosts: waiting for CPU, disk, memory',
    description:
      'Share of the time in which some program waited for a resource. It shows what is short better than its use does: a busy CPU for which nothing waits is no trouble.',
    unit: unitNamed('1'),
    ...share,
    queries: resources.map(([series, word]) =>
      query(maxBy(byProcess, rate(named(series))), `${processLegend} ${word}`, {
        min: 0,
        series: { min: 1, max: 100 },
      }),
    ),
    opens: [['bench-host', 'Bench host']],
    ...size,
    noValue: 'No node_exporter is scraped, or the kernel does not count pressure',
  });
}
