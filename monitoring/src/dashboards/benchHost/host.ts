// Panels of the machine itself: processor, memory, disks, network.
import { attribute, metric } from '@benchlab-otel/core';
import { figure } from '../../panels/figure.ts';
import { lines, stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, matching, named, selector } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';

const process = 'instance';
const ofProcess = `{{${process}}}`;
const disk = [process, attribute.systemDeviceName];
const port = [process, attribute.networkInterfaceName];
const diskLegend = `${legend(attribute.systemDeviceName)} ${ofProcess}`;
const portLegend = `${legend(attribute.networkInterfaceName)} ${ofProcess}`;

export function hostUsage(): PanelDefinition {
  // What reads the host may be the agent, and each service that reads the bus of the agent.
  const host = 'host_name';
  const ofHost = `{{${host}}}`;
  const mount = [host, attribute.systemFilesystemMountpoint];
  return lines({
    id: 14,
    title: 'CPU, memory and disk of the host',
    description:
      'How much of the machine is used. A measurement on a host whose CPU is busy with something else measures that too; a full disk stops recordings. The dashed lines are the limits of the alerts on CPU and memory.',
    unit: unitNamed('%'),
    queries: [
      query(maxBy([host], selector(metric.systemCpuUsage)), `CPU ${ofHost}`, { min: 0, max: 100 }),
      query(maxBy([host], selector(metric.systemMemoryUsage)), `Memory ${ofHost}`, { min: 0, max: 100 }),
      query(
        maxBy(mount, selector(metric.systemDiskUsage)),
        `Disk ${legend(attribute.systemFilesystemMountpoint)} ${ofHost}`,
        { min: 0, max: 100 },
      ),
    ],
    noValue: 'No receiver of the host',
    min: 0,
    max: 100,
    thresholds: thresholdsOf('BitNetSystemHighCPU', 'BitNetSystemHighMemory'),
    alerts: ['BitNetSystemHighCPU', 'BitNetSystemHighMemory', 'BitNetSystemHighDisk'],
    width: 12,
    height: 10,
  });
}

export function networkShare(): PanelDefinition {
  const rule = (name: string) => maxBy(port, named(`instance:${name}`));
  return lines({
    id: 16,
    title: 'Network: share of the speed of the link',
    description:
      'The busier direction of each network link, as a share of its speed; 1 Gbit/s is taken where the link does not state it. Above 0.8 what is sent arrives late: move the transfer, or take a faster link.',
    unit: unitNamed('1'),
    // Recorded: of each link the larger of two rates, by a limit that has two sources.
    queries: [
      query(quotient(rule('network_bytes:rate5m'), rule('network_link_limit:bytes_per_second')), portLegend, {
        min: 0,
      }),
    ],
    noValue: 'No network link',
    min: 0,
    max: 1,
    thresholds: thresholdsOf('BitNetSystemNetworkSaturated'),
    alerts: ['BitNetSystemNetworkSaturated', 'NetworkErrors', 'NetworkLinkDown'],
    width: 12,
    height: 10,
  });
}

/** Closed: where the machine's time and bytes go. */
export function hostDetails(): readonly PanelDefinition[] {
  const direction = legend(attribute.diskIoDirection);
  const way = legend(attribute.networkIoDirection);
  return [
    figure({
      id: 51,
      title: 'Uptime of the host',
      description:
        'Time since the machine started. A short one after a crash is a restart that no person asked for: look at the log of the kernel.',
      unit: grafanaUnit(metric.systemUptime),
      queries: [query(maxBy([process], selector(metric.systemUptime)), ofProcess, { min: 0 })],
      noValue: 'No receiver of the host',
      opens: [['stack', 'Stack']],
      width: 8,
      height: 4,
    }),
    figure({
      id: 52,
      title: 'Processors and limits',
      description:
        'Processors that are online, and those whose time the control group allows. A limit below the processors slows a measurement in a container: lift it for the run.',
      unit: grafanaUnit(metric.systemCpuLogicalCount),
      queries: [
        query(maxBy([process], selector(metric.systemCpuLogicalCount)), `online ${ofProcess}`, { min: 1 }),
        query(maxBy([process], selector(metric.benchlabCgroupCpuLimit)), `allowed ${ofProcess}`, { min: 0 }),
      ],
      noValue: 'No receiver of the host',
      opens: [['stack', 'Stack']],
      width: 16,
      height: 4,
    }),
    lines({
      id: 53,
      title: 'Load of the host',
      description:
        'Threads that run or wait, over 1, 5 and 15 minutes. More than the processors for long means that threads wait, and latencies grow. Find what else runs on the bench.',
      unit: grafanaUnit(metric.systemLoad1m),
      queries: [
        [metric.systemLoad1m, '1 min'] as const,
        [metric.systemLoad5m, '5 min'] as const,
        [metric.systemLoad15m, '15 min'] as const,
      ].map(([load, time]) => query(maxBy([process], selector(load)), `${time} ${ofProcess}`, { min: 0 })),
      noValue: 'No receiver of the host',
      min: 0,
      opens: [['stack', 'Stack']],
      width: 12,
      height: 10,
    }),
    stacked({
      id: 54,
      title: 'CPU time by mode',
      description:
        'Processors that are busy in each mode: 200 % is two of them all the time. Much iowait is a slow disk, much steal is another guest of the same machine: measure elsewhere.',
      unit: grafanaUnit(metric.systemCpuTime, 'rate'),
      queries: [
        query(
          maxBy(
            [process, attribute.cpuMode],
            rate(selector(metric.systemCpuTime, matching(attribute.cpuMode, '!=', 'idle'))),
          ),
          `${legend(attribute.cpuMode)} ${ofProcess}`,
          { min: 0 },
        ),
      ],
      noValue: 'No receiver of the host',
      min: 0,
      opens: [['stack', 'Stack']],
      legendAt: 'right',
      width: 12,
      height: 10,
    }),
    stacked({
      id: 55,
      title: 'Memory by state',
      description:
        'What the memory is used for; the states add up to all of it. Cached memory is given back when it is needed, used memory is not.',
      unit: grafanaUnit(metric.systemMemoryUsageBytes),
      queries: [
        query(
          maxBy([process, attribute.systemMemoryState], selector(metric.systemMemoryUsageBytes)),
          `${legend(attribute.systemMemoryState)} ${ofProcess}`,
          { min: 0 },
        ),
      ],
      noValue: 'No receiver of the host',
      min: 0,
      alerts: ['BitNetSystemHighMemory'],
      width: 12,
      height: 10,
    }),
    lines({
      id: 56,
      title: 'Memory that programs can have',
      description:
        'Memory of the host, what new programs can have of it without swapping, and what the control group allows. Where the middle line nears 0, processes are about to be ended.',
      unit: grafanaUnit(metric.systemMemoryLimit),
      queries: [
        query(maxBy([process], selector(metric.systemMemoryLimit)), `all ${ofProcess}`, { min: 0 }),
        query(maxBy([process], selector(metric.systemMemoryLinuxAvailable)), `available ${ofProcess}`, { min: 0 }),
        query(maxBy([process], selector(metric.benchlabCgroupMemoryLimit)), `allowed ${ofProcess}`, { min: 0 }),
      ],
      noValue: 'No receiver of the host',
      min: 0,
      alerts: ['BitNetSystemHighMemory'],
      width: 12,
      height: 10,
    }),
    lines({
      id: 57,
      title: 'Bytes of the disks',
      description:
        'Bytes read from and written to each disk. Writes in the middle of a run cost energy and latency: record to another disk, or less.',
      unit: grafanaUnit(metric.systemDiskIo, 'rate'),
      queries: [
        query(
          maxBy([...disk, attribute.diskIoDirection], rate(selector(metric.systemDiskIo))),
          `${direction} ${diskLegend}`,
          { min: 0 },
        ),
      ],
      noValue: 'No disk',
      min: 0,
      opens: [['stack', 'Stack']],
      width: 12,
      height: 10,
    }),
    lines({
      id: 58,
      title: 'Time in which the disks were busy',
      description: 'Share of the time in which a disk had something to do. At 1 a spinning disk has no more to give.',
      unit: grafanaUnit(metric.systemDiskIoTime, 'rate'),
      queries: [query(maxBy(disk, rate(selector(metric.systemDiskIoTime))), diskLegend, { min: 0 })],
      noValue: 'No disk',
      min: 0,
      max: 1,
      opens: [['stack', 'Stack']],
      width: 12,
      height: 10,
    }),
    lines({
      id: 59,
      title: 'Time of one read or write',
      description:
        'Mean time that a read or write took. Below a millisecond is usual for a solid-state disk; far above it, a disk is overloaded or fails.',
      unit: unitNamed('s'),
      queries: [
        query(
          quotient(
            maxBy([...disk, attribute.diskIoDirection], rate(selector(metric.systemDiskOperationTime))),
            maxBy([...disk, attribute.diskIoDirection], rate(selector(metric.systemDiskOperations))),
          ),
          `${direction} ${diskLegend}`,
          { min: 0, series: { min: 1, max: 200 } },
        ),
      ],
      noValue: 'No disk was read or written',
      min: 0,
      opens: [['stack', 'Stack']],
      width: 12,
      height: 10,
    }),
    lines({
      id: 60,
      title: 'Bytes of the network',
      description:
        'Bytes that each network interface receives and transmits. A transfer in the middle of a run disturbs it.',
      unit: grafanaUnit(metric.systemNetworkIo, 'rate'),
      queries: [
        query(
          maxBy([...port, attribute.networkIoDirection], rate(selector(metric.systemNetworkIo))),
          `${way} ${portLegend}`,
          { min: 0 },
        ),
      ],
      noValue: 'No network interface',
      min: 0,
      alerts: ['BitNetSystemNetworkSaturated'],
      width: 12,
      height: 10,
    }),
    lines({
      id: 61,
      title: 'Packets with errors, and dropped',
      description:
        'Packets that could not be received or transmitted. More than a few are a bad cable or a full queue: replace the cable, look at the switch.',
      unit: grafanaUnit(metric.systemNetworkErrors, 'rate'),
      queries: [
        [metric.systemNetworkErrors, 'errors'] as const,
        [metric.systemNetworkPacketDropped, 'dropped'] as const,
      ].map(([packets, what]) =>
        query(sumBy(port, rate(selector(packets))), `${what} ${portLegend}`, {
          min: 0,
        }),
      ),
      noValue: 'No network interface',
      min: 0,
      thresholds: thresholdsOf('NetworkErrors'),
      alerts: ['NetworkErrors', 'NetworkLinkDown'],
      width: 24,
      height: 10,
    }),
  ];
}
