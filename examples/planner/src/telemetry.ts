import { setTimeout as pause } from 'node:timers/promises';
import { SampleHistory } from '@benchlab-otel/core';
import { type ArtifactStore, artifactStore, spanEnergy } from '@benchlab-otel/enrichers';
import { startTelemetry, type Telemetry } from '@benchlab-otel/node';
import { modelInUse } from '@benchlab-otel/presets';
import { agentReceiver } from '@benchlab-otel/wire';

export interface Started {
  readonly telemetry: Telemetry;
  readonly artifacts: ArtifactStore;
}

/** Where the agent of this host is: without a socket, at its usual place. Undefined: no joules are measured. */
export type Agent = { readonly socket?: string } | undefined;

/** Both processes: model and data from the baggage, artifacts in one folder, and joules where an agent reads the bench. */
export async function startProcess(serviceName: string, folder: string, agent: Agent): Promise<Started> {
  const artifacts = artifactStore({ place: folder });
  const history = new SampleHistory();
  const telemetry = await startTelemetry({
    serviceName,
    ...(serviceName === 'planner' ? {} : { metricsPage: false as const }),
    receivers: agent === undefined ? [] : [agentReceiver(agent.socket === undefined ? {} : { path: agent.socket })],
    consumers: [history],
    enrichers: [modelInUse(), artifacts, ...(agent === undefined ? [] : [spanEnergy(history)])],
  });
  // The first spans have joules, too.
  for (let k = 0; agent !== undefined && history.sources.length === 0 && k < 150; k++) await pause(20);
  return { telemetry, artifacts };
}
