import { metric } from '@benchlab-otel/core';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { serviceVariablesOf, sourceVariables } from '../queries/variables.ts';
import { deviceDetails, devicePanels } from './telemetryHealth/devices.ts';
import { signalDetails, signalPanels } from './telemetryHealth/signals.ts';

/** What our own telemetry counts of itself: each panel is a way in which data could be missing without a word. */
export function telemetryHealth(): DashboardDefinition {
  return {
    name: 'telemetry-health',
    folder: 'Telemetry',
    title: 'Telemetry health',
    description:
      'What SDK, agent and bus count of themselves: spans, log records, samples and readings that were dropped, late or refused. Simulated devices are marked.',
    tags: ['telemetry'],
    from: 'now-1h',
    refresh: '30s',
    variables: [
      ...sourceVariables(),
      ...serviceVariablesOf(metric.benchlabSampleDropped, metric.otelSdkProcessorSpanProcessed),
    ],
    panels: [...signalPanels(), ...devicePanels()],
    sections: [
      { id: 40, title: 'Signals', panels: signalDetails() },
      { id: 50, title: 'Devices', panels: deviceDetails() },
    ],
  };
}
