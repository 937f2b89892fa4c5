import { attribute, type Source } from '@benchlab-otel/core';
import type { EnergyFigure, WholeEnergy } from '../energy/estimate/energyEstimate.ts';
import type { EnergySummary, RoleEnergySummary } from '../energy/roleEnergySummary.ts';
import type { SpanEnergy } from '../energy/spanEnergy.ts';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';

/** Small real values that several tests of this package start from. */

export const simulatedBoard: Source = {
  id: '53494D100000000000000001',
  name: 'BENCHLAB 2 "emulated"',
  simulated: true,
  boundary: 'dc_rails',
  attributes: { [attribute.hwFirmwareVersion]: '6' },
};

export const realBoard: Source = {
  ...simulatedBoard,
  id: '0011223344556677',
  name: 'BENCHLAB "rig"',
  simulated: false,
};

export function span(name: string, startMs: number, endMs: number, more: Partial<ReceivedSpan> = {}): ReceivedSpan {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: `${name}-${startMs}`,
    name,
    kind: 0,
    startNs: startMs * 1e6,
    endNs: endMs * 1e6,
    uncertaintyNs: 0,
    attributes: {},
    failed: false,
    status: { code: 'unset' },
    events: [],
    links: [],
    dropped: 0,
    resource: {},
    scope: { name: '' },
    ...more,
  };
}

/** A call of one second that used `joules` and whose figure stands on its own. */
export function energy(joules: number, stderr: number, more: Partial<SpanEnergy> = {}): SpanEnergy {
  return {
    source: realBoard,
    boundary: 'dc_rails',
    method: 'direct',
    nature: 'measured',
    coverage: 1,
    samples: 20,
    durationNs: 1e9,
    periodNs: 50e6,
    roles: {
      system: { joules, selfJoules: joules, stderr, edgeSteps: 100 },
      cpu: { joules: joules / 2, selfJoules: joules / 2, stderr, edgeSteps: 100 },
    },
    resolved: true,
    ...more,
  };
}

/** A figure with an interval of `joules ± half`, of a meter whose vendor states nothing. */
export function figure(
  joules: number,
  half: number,
  more: Partial<EnergyFigure> = {},
): EnergyFigure & { kind: 'figure' } {
  return {
    kind: 'figure',
    joules,
    low: joules - half,
    high: joules + half,
    samplingStderr: half / 2,
    degreesOfFreedom: 60,
    meterNotStated: ['gain', 'offset', 'quantum'],
    ...more,
  };
}

/** All calls of an operation together: the whole on the system rails as given, a fifth of it added. */
export function summary(calls: number, whole: WholeEnergy, more: Partial<RoleEnergySummary> = {}): EnergySummary {
  const added = whole.kind === 'none' ? whole : figure(whole.joules / 5, (whole.high - whole.low) / 5);
  return {
    calls,
    includesParts: false,
    roles: {
      system: {
        whole,
        added,
        seconds: calls,
        coverage: 1,
        samples: 20 * calls,
        method: 'direct',
        nature: 'measured',
        boundary: 'dc_rails',
        source: realBoard,
        ...more,
      },
    },
  };
}
