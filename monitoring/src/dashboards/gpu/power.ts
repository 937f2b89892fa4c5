import { metric } from '@benchlab-otel/core';
import { figure } from '../../panels/figure.ts';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { onGpu } from '../../queries/benchSeries.ts';
import { increase, marked, maxBy } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { selector } from '../../queries/selector.ts';
import { meter, named, namedLegend, nothing, of } from './series.ts';

export function powerPanels(): readonly PanelDefinition[] {
  return [
    figure({
      id: 1,
      title: 'Power of the GPU',
      description:
        'What each GPU draws now, by its own meter: a mean over about a second, before it reaches the chip. Nothing here means that no driver answers; look at the polls on Telemetry health.',
      unit: grafanaUnit(metric.hwPower),
      queries: [of(metric.hwPower, [], '', { min: 0 }, meter)],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      width: 12,
      height: 4,
    }),
    figure({
      id: 2,
      title: 'Energy of the GPU',
      description:
        'Joules that each GPU has used in the time shown, by its own counter. For the energy of a run, set the time to the run; for that of a call, see Energy per operation.',
      unit: grafanaUnit(metric.hwEnergy),
      queries: [
        query(marked(maxBy(named, increase(selector(metric.hwEnergy, onGpu, meter)))), namedLegend, { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      opens: [['energy-per-operation', 'Energy per operation']],
      width: 12,
      height: 4,
    }),
    figure({
      id: 3,
      title: 'Processes on the GPU',
      description:
        'Processes that have a context on each GPU. On a bench that measures one application there is one: end what else uses the card.',
      unit: grafanaUnit(metric.benchlabGpuProcesses),
      queries: [of(metric.benchlabGpuProcesses, [], '', { min: 0 })],
      noValue: nothing,
      min: 0,
      opens: [['bench-host', 'Bench host']],
      width: 12,
      height: 4,
    }),
    figure({
      id: 4,
      title: 'Performance state',
      description:
        'P0 is the fastest state, P15 the slowest. A GPU that stays slow under load is limited: the panel Why the clocks are limited states by what.',
      unit: grafanaUnit(metric.benchlabGpuPerformanceState),
      queries: [of(metric.benchlabGpuPerformanceState, [], '', { min: 0, max: 15 })],
      noValue: nothing,
      min: 0,
      max: 15,
      alerts: ['HardwarePowerCap'],
      width: 12,
      height: 4,
    }),
    lines({
      id: 5,
      title: 'Power and its limit',
      description:
        'Power by the meter of the card: a mean over a second, the value of this instant, and the limit that it keeps to. At the limit the card lowers its clocks: raise the limit, or report results as limited by power.',
      unit: grafanaUnit(metric.hwPower),
      queries: [
        of(metric.hwPower, [], 'mean of a second', { min: 0 }, meter),
        of(metric.benchlabGpuPowerInstant, [], 'now', { min: 0 }),
        of(metric.benchlabGpuPowerLimit, [], 'limit', { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      alerts: ['HardwarePowerCap'],
      opens: [['meter-disagreement', 'Meter disagreement']],
      legendAt: 'right',
      width: 24,
      height: 8,
    }),
  ];
}
