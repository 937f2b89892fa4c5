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

const process = ['job', 'instance'];
const processLegend = legend('instance');
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
      queries: [query(maxBy(process, selector(metric.systemCpuUsage)), processLegend, percent)],
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
      queries: [query(maxBy(process, selector(metric.systemMemoryUsage)), processLegend, percent)],
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
          maxBy([...process, 'system.filesystem.mountpoint'], selector(metric.systemDiskUsage)),
          `${processLegend} ${legend('system.filesystem.mountpoint')}`,
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
            [...process, attribute.networkInterfaceName],
            rate(selector(bytes, matching(attribute.networkInterfaceName, '!=', 'lo'))),
          ),
          `${processLegend} ${legend(attribute.networkInterfaceName)} ${word}`,
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
