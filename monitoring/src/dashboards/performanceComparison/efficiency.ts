import { metric } from '@benchlab-otel/presets';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, quotient, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { byProcess, percent, processLegend, shown } from '../runtimeNames.ts';

const by = ['implementation'];
const name = legend('implementation');
const tokens = sumBy(by, rate(selector(metric.bitnetTokensGenerated, shown)));

export function tokensForCpu(): PanelDefinition {
  return lines({
    id: 5,
    title: 'Resource efficiency: tokens a second for each percent of CPU',
    description:
      'Tokens a second, divided by the CPU that all processes of the implementation use. It compares at unequal load too. A line that falls with the same model is work that is no use to a token: see the SIMD share in "Detailed Rust Metrics".',
    unit: unitNamed(''),
    min: 0,
    decimals: 2,
    queries: [query(quotient(tokens, sumBy(by, selector(metric.bitnetCpuUsage, shown))), name, { min: 0 })],
    noValue: 'No implementation reports tokens and CPU',
    opens: [['runtime-internals', 'Detailed Rust Metrics']],
    width: 12,
    height: 8,
  });
}

export function tokensForMemory(): PanelDefinition {
  return lines({
    id: 6,
    title: 'Resource efficiency: tokens a second for each GiB of memory',
    description:
      'Tokens a second, divided by the memory that all processes of the implementation use. It shows which implementation serves more on the same host; a model that is loaded twice halves it.',
    unit: unitNamed(''),
    min: 0,
    decimals: 2,
    queries: [
      query(
        quotient(tokens, {
          ...sumBy(by, selector(metric.bitnetMemoryUsage, shown)),
          expr: `(${sumBy(by, selector(metric.bitnetMemoryUsage, shown)).expr} / 1073741824)`,
        }),
        name,
        { min: 0 },
      ),
    ],
    noValue: 'No implementation reports tokens and memory',
    opens: [['runtime-overview', 'bitnet-rs Overview']],
    width: 12,
    height: 8,
  });
}

export function cpuUses(): PanelDefinition {
  return lines({
    id: 7,
    title: 'CPU',
    description:
      'CPU that each process uses; 100 % is all of its host. Together with the throughput above it shows what a token costs.',
    unit: grafanaUnit(metric.bitnetCpuUsage),
    ...percent,
    queries: [query(maxBy(byProcess, selector(metric.bitnetCpuUsage, shown)), processLegend, percent)],
    noValue: 'No process reports its CPU',
    alerts: ['BitNetRustHighCPUUsage'],
    width: 8,
    height: 8,
  });
}

export function memoryUses(): PanelDefinition {
  return lines({
    id: 8,
    title: 'Memory',
    description:
      'Memory that each process uses. The same model in two implementations should need about the same; what is above that is the implementation.',
    unit: grafanaUnit(metric.bitnetMemoryUsage),
    min: 0,
    queries: [query(maxBy(byProcess, selector(metric.bitnetMemoryUsage, shown)), processLegend, { min: 0 })],
    noValue: 'No process reports its memory',
    alerts: ['BitNetRustHighMemoryUsage'],
    width: 8,
    height: 8,
  });
}

export function gpuUses(): PanelDefinition {
  return lines({
    id: 9,
    title: 'GPU',
    description:
      'GPU that each process uses; 100 % is all of it. An implementation that leaves the GPU idle computes on the CPU: check how it was built.',
    unit: grafanaUnit(metric.bitnetGpuUsage),
    ...percent,
    queries: [query(maxBy(byProcess, selector(metric.bitnetGpuUsage, shown)), processLegend, percent)],
    noValue: 'No process uses a GPU',
    alerts: ['BitNetRustGPUHighUtilization'],
    opens: [['gpu', 'GPU']],
    width: 8,
    height: 8,
  });
}
