import { attribute, metric } from '@benchlab-otel/core';
import { bars } from '../../panels/bars.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { timeline } from '../../panels/timeline.ts';
import { onGpu } from '../../queries/benchSeries.ts';
import { marked, maxBy, present } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { named, namedLegend, nothing, of, wide } from './series.ts';

export function clockPanels(): readonly PanelDefinition[] {
  return [
    lines({
      id: 9,
      title: 'Clocks',
      description:
        'Clocks of the parts of the GPU. Runs compare only at equal clocks: one that falls in the middle of a run is heat or the power limit.',
      unit: grafanaUnit(metric.benchlabGpuClock),
      queries: [of(metric.benchlabGpuClock, [attribute.gpuClock], legend(attribute.gpuClock), { min: 0 })],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
    bars({
      id: 10,
      title: 'Highest clocks',
      description: 'What the clocks could be. A card that stays far below under load is limited: see the next panel.',
      unit: grafanaUnit(metric.benchlabGpuClockLimit),
      queries: [of(metric.benchlabGpuClockLimit, [attribute.gpuClock], legend(attribute.gpuClock), { min: 0 })],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
    timeline(
      {
        id: 11,
        title: 'Why the clocks are limited',
        description:
          'Reasons that the driver gives for clocks below their maximum. Idle and application clocks are well; thermal reasons need air, a power brake needs another supply or cable, a power cap a higher limit.',
        unit: grafanaUnit(metric.benchlabGpuClockEvent),
        queries: [
          query(
            marked(present(maxBy([...named, attribute.gpuClockReason], selector(metric.benchlabGpuClockEvent, onGpu)))),
            `${legend(attribute.gpuClockReason)} ${namedLegend}`,
            { min: 1, max: 1, series: { min: 1, max: 60 } },
          ),
        ],
        noValue: 'The clocks are at their maximum',
        alerts: ['HardwareGpuSlowdown', 'HardwarePowerCap'],
        width: 24,
        height: 8,
      },
      { '1': { text: 'limited', color: 'orange', index: 0 } },
    ),
  ];
}
