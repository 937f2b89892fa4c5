import { attribute, metric } from '@benchlab-otel/core';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { table } from '../../panels/table.ts';
import { onGpu } from '../../queries/benchSeries.ts';
import { marked, maxBy, rate } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, matching, selector } from '../../queries/selector.ts';
import { named, namedLegend, nothing, of, wide } from './series.ts';

/** Closed: who uses the card, and how data reaches it. */
export function detailPanels(): readonly PanelDefinition[] {
  const direction = attribute.networkIoDirection;
  return [
    table({
      id: 41,
      title: 'Processes by their use of the GPU',
      description:
        'Memory and share of the last second of each process. The process ids are those of the host, also for containers: `ps -p ID` there gives the command.',
      unit: grafanaUnit(metric.benchlabGpuProcessMemory),
      columns: { hw_id: 'GPU', process_pid: 'Process', simulated: 'Emulated' },
      queries: [
        query(
          marked(
            maxBy(
              [attribute.hwId, attribute.processPid, attribute.simulated],
              selector(metric.benchlabGpuProcessMemory, onGpu),
            ),
          ),
          'Memory',
          { min: 0 },
        ),
        query(
          marked(
            maxBy(
              [attribute.hwId, attribute.processPid, attribute.simulated],
              selector(metric.benchlabGpuProcessUtilization, onGpu, matching(attribute.hwGpuTask, '=', 'general')),
            ),
          ),
          'Use',
          { min: 0, max: 1 },
        ),
      ],
      units: { Use: unitNamed('1') },
      noValue: 'No process uses a GPU',
      opens: [['energy-per-operation', 'Energy per operation']],
      width: 24,
      height: 8,
    }),
    lines({
      id: 42,
      title: 'Bytes over PCIe',
      description:
        'Bytes over the link in the 20 ms before each poll: a look, not a sum. Near the speed of the link, the GPU waits for data.',
      unit: grafanaUnit(metric.benchlabGpuPcieThroughput),
      queries: [of(metric.benchlabGpuPcieThroughput, [direction], legend(direction), { min: 0 })],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
    lines({
      id: 43,
      title: 'PCIe link: generation and lanes',
      description:
        'What the link runs at now. It drops when the card is idle; a card that has fewer lanes under load than its slot sits badly, or shares them: reseat it, look into the firmware.',
      unit: grafanaUnit(metric.benchlabGpuPcieLinkWidth),
      queries: [
        of(metric.benchlabGpuPcieLinkGeneration, [], 'generation', { min: 0 }),
        of(metric.benchlabGpuPcieLinkWidth, [], 'lanes', { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      opens: [['bench-host', 'Bench host']],
      ...wide,
    }),
    lines({
      id: 44,
      title: 'Packets sent again over PCIe',
      description: 'Replays of the link. More than a few a day are a bad contact or riser: reseat the card without it.',
      unit: grafanaUnit(metric.benchlabGpuPcieReplays, 'rate'),
      queries: [
        query(marked(maxBy(named, rate(selector(metric.benchlabGpuPcieReplays, onGpu)))), namedLegend, { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      width: 24,
      height: 8,
    }),
  ];
}
