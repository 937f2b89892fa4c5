import { durationBuckets } from './buckets.ts';
import type { MetricDefinition } from './definition.ts';

// Values of the bench that no convention has: current, humidity, fans, connector faults; operations and their energy;
// the stages of a pipeline.
const sensor = ['hw.id', 'hw.name', 'hw.parent', 'hw.sensor_location', 'benchlab.simulated'] as const;
const typed = ['hw.id', 'hw.name', 'hw.parent', 'hw.sensor_location', 'benchlab.simulated', 'hw.type'] as const;
const metered = [
  'hw.id',
  'hw.name',
  'hw.parent',
  'hw.sensor_location',
  'benchlab.simulated',
  'hw.type',
  'benchlab.meter',
] as const;
const fault = ['hw.id', 'benchlab.fault.name', 'benchlab.fault.kind', 'benchlab.simulated'] as const;
const operationEnergy = [
  'benchlab.operation',
  'benchlab.power.role',
  'benchlab.energy.method',
  'benchlab.simulated',
] as const;
const operationEstimate = ['benchlab.operation', 'benchlab.power.role', 'benchlab.simulated'] as const;
const balanced = ['benchlab.power.role', 'benchlab.simulated'] as const;
const none = [] as const;
const stagePair = ['pair', 'benchlab.simulated'] as const;
const simulated = ['benchlab.simulated'] as const;
const compared = ['benchlab.power.role', 'benchlab.meter', 'benchlab.simulated'] as const;
const comparedSide = [
  'benchlab.power.role',
  'benchlab.meter',
  'benchlab.disagreement.side',
  'benchlab.simulated',
] as const;
const own = { stability: 'development', origin: 'benchlab' } as const;
const seed = { stability: 'stable', origin: 'seed' } as const;

export const benchlabCurrent: MetricDefinition<typeof metered> = {
  name: 'benchlab.current',
  unit: 'A',
  instrument: 'gauge',
  attributes: metered,
  description: 'Current through the rail. The semantic conventions have no metric for current.',
  ...own,
};

export const benchlabHumidity: MetricDefinition<typeof sensor> = {
  name: 'benchlab.humidity',
  unit: '1',
  instrument: 'gauge',
  attributes: sensor,
  description: 'Relative humidity of the air around the host. The semantic conventions have no metric for humidity.',
  ...own,
};

export const benchlabFanDuty: MetricDefinition<typeof typed> = {
  name: 'benchlab.fan.duty',
  unit: '1',
  instrument: 'gauge',
  attributes: typed,
  description: 'Share of full drive that the board gives the fan.',
  ...own,
};

export const benchlabFanEnabled: MetricDefinition<typeof typed> = {
  name: 'benchlab.fan.enabled',
  unit: '',
  instrument: 'gauge',
  attributes: typed,
  description:
    '1 when the board drives the fan: with duty above 0 and 0 rpm it is stalled, else nothing is plugged in.',
  ...own,
};

export const benchlabFault: MetricDefinition<typeof fault> = {
  name: 'benchlab.fault',
  unit: '',
  instrument: 'gauge',
  attributes: fault,
  description: '1 while a fault of BENCHLAB 2 is present (kind live) or has been since it was reset (kind latched).',
  ...own,
};

export const benchlabConnectorImbalance: MetricDefinition<typeof sensor> = {
  name: 'benchlab.connector.imbalance',
  unit: '1',
  instrument: 'gauge',
  attributes: sensor,
  description:
    'How unevenly the wires of a 12V-2x6 connector share its current: largest less smallest, by their mean. Absent below 0.5 A a wire.',
  ...own,
};

export const benchlabOperationEnergy: MetricDefinition<typeof operationEnergy> = {
  name: 'benchlab.operation.energy',
  unit: 'J',
  instrument: 'histogram',
  attributes: operationEnergy,
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000],
  description: 'Energy of one operation.',
  ...own,
};

export const benchlabOperationEnergyEstimate: MetricDefinition<typeof operationEstimate> = {
  name: 'benchlab.operation.energy.estimate',
  unit: 'J',
  instrument: 'gauge',
  attributes: operationEstimate,
  description:
    'Energy of one call of the operation, estimated together from all its calls of the last minute, also of calls that are shorter than the meter can see. Absent where the data cannot tell.',
  ...own,
};

export const benchlabOperationEnergyEstimateStderr: MetricDefinition<typeof operationEstimate> = {
  name: 'benchlab.operation.energy.estimate.stderr',
  unit: 'J',
  instrument: 'gauge',
  attributes: operationEstimate,
  description: 'Standard error of that estimate.',
  ...own,
};

export const benchlabOperationEnergyOverflow: MetricDefinition<typeof none> = {
  name: 'benchlab.operation.energy.overflow',
  unit: '{span}',
  instrument: 'counter',
  attributes: none,
  description: 'Spans whose energy was recorded as that of the operation `other`, because 1,000 operations were known.',
  ...own,
};

export const benchlabOperationEnergyUnestimated: MetricDefinition<typeof none> = {
  name: 'benchlab.operation.energy.unestimated',
  unit: '{call}',
  instrument: 'counter',
  attributes: none,
  description: 'Calls of minutes without an estimate, because these had more calls than are kept.',
  ...own,
};

export const benchlabBalanceUnattributed: MetricDefinition<typeof balanced> = {
  name: 'benchlab.balance.unattributed',
  unit: 'J',
  instrument: 'counter',
  attributes: balanced,
  description:
    'Energy that no span has: nothing ran, strangers used it, or spans beyond the bound did. It does not fall: what is below 0 is in benchlab.balance.negative.',
  ...own,
};

export const benchlabBalanceIdle: MetricDefinition<typeof balanced> = {
  name: 'benchlab.balance.idle',
  unit: 'J',
  instrument: 'counter',
  attributes: balanced,
  description: 'Baseline times time, part of what spans have and of what is unattributed. Absent without a baseline.',
  ...own,
};

export const benchlabBalanceNegative: MetricDefinition<typeof balanced> = {
  name: 'benchlab.balance.negative',
  unit: 'J',
  instrument: 'counter',
  attributes: balanced,
  description: 'Energy of intervals below 0, as a positive number: the offset of the meter, which is not hidden.',
  ...own,
};

export const benchlabBalanceGap: MetricDefinition<typeof balanced> = {
  name: 'benchlab.balance.gap',
  unit: 's',
  instrument: 'counter',
  attributes: balanced,
  description: 'Time in which spans were followed and no valid samples of the role came.',
  ...own,
};

export const benchlabDisagreementPower: MetricDefinition<typeof compared> = {
  name: 'benchlab.disagreement.power',
  unit: 'W',
  instrument: 'gauge',
  attributes: compared,
  description:
    "Power of the rails less that of the device's own meter, means over the same second. Regulator losses are in the rails only, slot power of a graphics card in neither GPU rail.",
  ...own,
};

export const benchlabDisagreement: MetricDefinition<typeof compared> = {
  name: 'benchlab.disagreement',
  unit: '1',
  instrument: 'gauge',
  attributes: compared,
  description:
    "The same difference as a share of the power that the device's own meter reports; absent where that is below 1 W.",
  ...own,
};

export const benchlabDisagreementAge: MetricDefinition<typeof comparedSide> = {
  name: 'benchlab.disagreement.age',
  unit: 's',
  instrument: 'gauge',
  attributes: comparedSide,
  description: 'Age of the latest sample of either side of the comparison: of several devices, of the oldest.',
  ...own,
};

export const benchlabPipelineLatency: MetricDefinition<typeof stagePair> = {
  name: 'benchlab.pipeline.latency',
  unit: 's',
  instrument: 'histogram',
  attributes: stagePair,
  buckets: durationBuckets,
  description: 'Time between two stages of the pipeline.',
  ...own,
};

export const benchlabPipelineFramesDropped: MetricDefinition<typeof stagePair> = {
  name: 'benchlab.pipeline.frames_dropped',
  unit: '{frame}',
  instrument: 'counter',
  attributes: stagePair,
  description: 'Frames that reached the first stage and not the second.',
  ...own,
};

export const benchlabPipelineLatencyMs: MetricDefinition<typeof stagePair> = {
  name: 'benchlab.pipeline.latency_ms',
  unit: '',
  instrument: 'gauge',
  attributes: stagePair,
  description:
    'Latest time between two stages, in milliseconds. For what still asks by this name; see benchlab.pipeline.latency.',
  ...seed,
};

export const benchlabPowerW: MetricDefinition<typeof simulated> = {
  name: 'benchlab.power_w',
  unit: '',
  instrument: 'gauge',
  attributes: simulated,
  description: 'Latest power of the system, in watts. For what still asks by this name; see hw.host.power.',
  ...seed,
};

export const benchlabPipelineDropped: MetricDefinition<typeof stagePair> = {
  name: 'benchlab.pipeline.dropped',
  unit: '{frame}',
  instrument: 'gauge',
  attributes: stagePair,
  description: 'Frames dropped so far. For what still asks by this name; see benchlab.pipeline.frames_dropped.',
  ...seed,
};
