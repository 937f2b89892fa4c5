import { attribute, metric } from '@benchlab-otel/core';
import { lines } from '../panels/lines.ts';
import type { PanelDefinition } from '../panels/panelDefinition.ts';
import { maxBy, rate } from '../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../queries/grafanaUnit.ts';
import { query } from '../queries/queryShape.ts';
import { legend, matching, selector } from '../queries/selector.ts';
import { thresholdsOf } from '../queries/thresholds.ts';

/** The numbers of these panels on one dashboard. */
export interface HostPanelIds {
  readonly cpu: number;
  readonly memory: number;
  readonly disk: number;
  readonly network: number;
}

// By host: what reads it may be the agent, and each service that reads the bus of the agent.
const host = ['host_name'];
const hostLegend = legend('host_name');
const noValue = 'None of the processes chosen above reads its host: choose the agent too';
const percent = { min: 0, max: 100 };

/** The host below a service: the first look when the service itself is in order. */
export function hostPanels(id: HostPanelIds, width: number): readonly PanelDefinition[] {
  return [
    lines({
      id: id.cpu,
      title: 'System CPU',
      description:
        'CPU of the host that is used, by all programs. When it is high and that of the service is not, another program is in the way: find it on the host.',
      unit: grafanaUnit(metric.systemCpuUsage),
      ...percent,
      queries: [query(maxBy(host, selector(metric.systemCpuUsage)), hostLegend, percent)],
      noValue,
      thresholds: thresholdsOf('BitNetSystemHighCPU'),
      alerts: ['BitNetSystemHighCPU'],
      width,
      height: 9,
    }),
    lines({
      id: id.memory,
      title: 'System memory',
      description:
        'Memory of the host that is used, in percent. Near 100 the kernel ends a program, mostly the largest one: stop what is not needed, or give the service a smaller model.',
      // Percent, which the registry states in the name alone.
      unit: unitNamed('%'),
      ...percent,
      queries: [query(maxBy(host, selector(metric.systemMemoryUsage)), hostLegend, percent)],
      noValue,
      thresholds: thresholdsOf('BitNetSystemHighMemory'),
      alerts: ['BitNetSystemHighMemory'],
      width,
      height: 9,
    }),
    lines({
      id: id.disk,
      title: 'System disk',
      description:
        'Space of each file system that is used. A line that only rises is a log or a recording without retention: the file system is full where the line meets 100.',
      unit: grafanaUnit(metric.systemDiskUsage),
      ...percent,
      queries: [
        query(
          maxBy([...host, 'system.filesystem.mountpoint'], selector(metric.systemDiskUsage)),
          `${hostLegend} ${legend('system.filesystem.mountpoint')}`,
          percent,
        ),
      ],
      noValue,
      thresholds: thresholdsOf('BitNetSystemHighDisk'),
      alerts: ['BitNetSystemHighDisk'],
      width,
      height: 9,
    }),
    lines({
      id: id.network,
      title: 'System network',
      description:
        'Bytes a second that the host receives and sends, without its loopback. The alert compares the busier direction with the speed of the link: at that speed, requests wait for the network.',
      unit: grafanaUnit(metric.systemNetworkBytesReceived, 'rate'),
      min: 0,
      queries: (
        [
          [metric.systemNetworkBytesReceived, 'received'],
          [metric.systemNetworkBytesSent, 'sent'],
        ] as const
      ).map(([bytes, word]) =>
        query(
          maxBy(
            [...host, attribute.networkInterfaceName],
            rate(selector(bytes, matching(attribute.networkInterfaceName, '!=', 'lo'))),
          ),
          `${hostLegend} ${legend(attribute.networkInterfaceName)} ${word}`,
          { min: 0 },
        ),
      ),
      noValue,
      alerts: ['BitNetSystemNetworkSaturated'],
      width,
      height: 9,
    }),
  ];
}
