import { attribute, metric } from '@benchlab-otel/core';
import { bars } from '../../panels/bars.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { legend } from '../../queries/selector.ts';
import { nothing, of, wide } from './series.ts';

export function usePanels(): readonly PanelDefinition[] {
  return [
    lines({
      id: 6,
      title: 'Use of the GPU',
      description:
        'Share of the time in which each part of the GPU worked. 1 means always busy, and not that all of its units are: compare with the power. A GPU that waits is starved by the CPU or by the disk.',
      unit: grafanaUnit(metric.hwGpuUtilization),
      queries: [of(metric.hwGpuUtilization, [attribute.hwGpuTask], legend(attribute.hwGpuTask), { min: 0, max: 1 })],
      noValue: nothing,
      min: 0,
      max: 1,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      legendAt: 'right',
      width: 24,
      height: 10,
    }),
    lines({
      id: 7,
      title: 'Memory of the GPU',
      description:
        'Memory that is used, and that the card has. A model that does not fit fails or moves data over PCIe at every step: take a smaller one or a smaller batch.',
      unit: grafanaUnit(metric.hwGpuMemoryUsage),
      queries: [
        of(metric.hwGpuMemoryUsage, [], 'used', { min: 0 }),
        of(metric.hwGpuMemoryLimit, [], 'all', { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
    bars({
      id: 8,
      title: 'Share of the memory that is used',
      description:
        'The fullest GPU limits what can be loaded next. At 1, a further allocation fails: free memory first.',
      unit: grafanaUnit(metric.hwGpuMemoryUtilization),
      queries: [of(metric.hwGpuMemoryUtilization, [], '', { min: 0, max: 1 })],
      noValue: nothing,
      min: 0,
      max: 1,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
  ];
}
