import { attribute, metric, prometheusName } from '@benchlab-otel/core';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { labelVariable, serviceVariables, sourceVariables } from '../queries/variables.ts';
import { clockPanels } from './gpu/clocks.ts';
import { detailPanels } from './gpu/details.ts';
import { healthPanels } from './gpu/health.ts';
import { powerPanels } from './gpu/power.ts';
import { usePanels } from './gpu/use.ts';

/** GPUs as their own management library (NVML) reports them. */
export function gpu(): DashboardDefinition {
  const job = 'job=~"$job",instance=~"$instance"';
  return {
    name: 'gpu',
    folder: 'Bench',
    title: 'GPU',
    description: 'Power, use, clocks, memory and health of GPUs, as NVML or nvidia-smi reports them to the receiver.',
    tags: ['bench', 'gpu'],
    from: 'now-15m',
    refresh: '10s',
    variables: [
      ...sourceVariables(),
      ...serviceVariables(metric.hwGpuUtilization),
      labelVariable('gpu', 'GPU', `${prometheusName(metric.hwGpuUtilization)}{${job}}`, attribute.hwId),
    ],
    panels: [...powerPanels(), ...usePanels(), ...clockPanels(), ...healthPanels()],
    sections: [{ id: 40, title: 'Processes and link', panels: detailPanels() }],
  };
}
