import { metric } from '@benchlab-otel/presets';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named, selector } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { byProcess, byService, percent, processLegend, serviceLegend, shown } from '../runtimeNames.ts';

export function tokenRate(): PanelDefinition {
  return lines({
    id: 7,
    title: 'Tokens a second',
    description:
      'Tokens that each process generates a second, as it measures it itself. Below the dashed line while requests come in is the alert BitNetRustLowThroughput: compare with CPU and GPU below, and with the queue.',
    unit: grafanaUnit(metric.bitnetTokensPerSecond),
    min: 0,
    queries: [query(maxBy(byProcess, selector(metric.bitnetTokensPerSecond, shown)), processLegend, { min: 0 })],
    noValue: 'No process generates tokens',
    thresholds: thresholdsOf('BitNetRustLowThroughput'),
    alerts: ['BitNetRustLowThroughput'],
    width: 8,
    height: 8,
  });
}

export function tokensGenerated(): PanelDefinition {
  return lines({
    id: 8,
    title: 'Tokens generated',
    description:
      'Tokens a second of all processes together, from the counter. It agrees with the sum of the panel "Tokens a second"; where it does not, a process reports an old value of its gauge.',
    unit: grafanaUnit(metric.bitnetTokensGenerated, 'rate'),
    min: 0,
    queries: [query(sumBy(byService, rate(selector(metric.bitnetTokensGenerated, shown))), serviceLegend, { min: 0 })],
    noValue: 'No process generates tokens',
    opens: [['performance-comparison', 'Performance Comparison']],
    width: 12,
    height: 8,
  });
}

export function cpuUse(): PanelDefinition {
  return lines({
    id: 10,
    title: 'CPU of the runtime',
    description:
      'CPU that each process uses; 100 % is all of the host. Above the dashed line, requests begin to wait for the CPU: more processes on the same host do not help.',
    unit: grafanaUnit(metric.bitnetCpuUsage),
    ...percent,
    queries: [query(maxBy(byProcess, selector(metric.bitnetCpuUsage, shown)), processLegend, percent)],
    noValue: 'No process reports its CPU',
    thresholds: thresholdsOf('BitNetRustHighCPUUsage'),
    alerts: ['BitNetRustHighCPUUsage'],
    width: 8,
    height: 8,
  });
}

export function memoryUse(): PanelDefinition {
  return lines({
    id: 11,
    title: 'Memory of the runtime',
    description:
      'Memory that each process uses. A step is a model that was loaded; a slope that does not end is a leak: the dashboard "Detailed Rust Metrics" has the allocations.',
    unit: grafanaUnit(metric.bitnetMemoryUsage),
    min: 0,
    queries: [query(maxBy(byProcess, selector(metric.bitnetMemoryUsage, shown)), processLegend, { min: 0 })],
    noValue: 'No process reports its memory',
    alerts: ['BitNetRustHighMemoryUsage'],
    opens: [['runtime-internals', 'Detailed Rust Metrics']],
    width: 8,
    height: 8,
  });
}

export function memoryShare(): PanelDefinition {
  return lines({
    id: 12,
    title: 'Memory of the runtime, of its host',
    description:
      'Share of the memory of the host that each process uses. It needs the label host_name on the runtime and on the agent of the host. Above the dashed line, the kernel may end the process: move the model, or give the host more memory.',
    unit: unitNamed('1'),
    min: 0,
    max: 1,
    queries: [query(maxBy(byProcess, named('implementation:bitnet_memory:ratio', shown)), processLegend, { min: 0 })],
    noValue: 'The memory of the host is not known: the label host_name joins the two',
    thresholds: thresholdsOf('BitNetRustHighMemoryUsage'),
    alerts: ['BitNetRustHighMemoryUsage'],
    width: 8,
    height: 8,
  });
}

export function gpuUse(): PanelDefinition {
  return lines({
    id: 13,
    title: 'GPU of the runtime',
    description:
      'GPU that each process uses; 100 % is all of it. High is good while latency is: a busy GPU with a long queue is the limit of this host.',
    unit: grafanaUnit(metric.bitnetGpuUsage),
    ...percent,
    queries: [query(maxBy(byProcess, selector(metric.bitnetGpuUsage, shown)), processLegend, percent)],
    noValue: 'No process uses a GPU',
    thresholds: thresholdsOf('BitNetRustGPUHighUtilization'),
    alerts: ['BitNetRustGPUHighUtilization'],
    opens: [['gpu', 'GPU']],
    width: 8,
    height: 8,
  });
}

export function gpuMemory(): PanelDefinition {
  return lines({
    id: 14,
    title: 'GPU memory of the runtime',
    description:
      'Memory of the GPU that each process uses. A step that does not come back after a model was unloaded is a leak, and the next model will not fit.',
    unit: grafanaUnit(metric.bitnetGpuMemoryUsage),
    min: 0,
    queries: [query(maxBy(byProcess, selector(metric.bitnetGpuMemoryUsage, shown)), processLegend, { min: 0 })],
    noValue: 'No process uses a GPU',
    opens: [['gpu', 'GPU']],
    width: 8,
    height: 8,
  });
}
