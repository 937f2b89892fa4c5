import type { AttributeDefinition } from './definition.ts';

/** Names of attributes, for code: `{ [attribute.hwId]: uid }`. */
export const attribute = {
  hwId: 'hw.id',
  hwName: 'hw.name',
  hwParent: 'hw.parent',
  hwType: 'hw.type',
  hwState: 'hw.state',
  hwSensorLocation: 'hw.sensor_location',
  hwFirmwareVersion: 'hw.firmware_version',
  hwModel: 'hw.model',
  firmwareAssumed: 'benchlab.firmware.assumed',
  port: 'benchlab.port',
  simulated: 'benchlab.simulated',
  receiverName: 'benchlab.receiver.name',
  pollOutcome: 'benchlab.poll.outcome',
  faultName: 'benchlab.fault.name',
  faultKind: 'benchlab.fault.kind',
  metric: 'benchlab.metric',
  operation: 'benchlab.operation',
  powerRole: 'benchlab.power.role',
  energyBoundary: 'benchlab.energy.boundary',
  energyMethod: 'benchlab.energy.method',
  energyNature: 'benchlab.energy.nature',
  energyCoverage: 'benchlab.energy.coverage',
  energySamples: 'benchlab.energy.samples',
  energySource: 'benchlab.energy.source',
  energySystemJoules: 'benchlab.energy.system.joules',
  energySystemStderr: 'benchlab.energy.system.stderr',
  energyCpuJoules: 'benchlab.energy.cpu.joules',
  energyCpuStderr: 'benchlab.energy.cpu.stderr',
  energyGpuJoules: 'benchlab.energy.gpu.joules',
  energyGpuStderr: 'benchlab.energy.gpu.stderr',
  environment: 'environment',
  errorType: 'error.type',
  codeFunctionName: 'code.function.name',
} as const;

export type AttributeName = (typeof attribute)[keyof typeof attribute];

type Detail = Omit<AttributeDefinition, 'name'>;
const text = (origin: AttributeDefinition['origin'], description: string, values?: readonly string[]): Detail =>
  values ? { type: 'string', origin, description, values } : { type: 'string', origin, description };
const joules = (role: string): Detail => ({
  type: 'number',
  origin: 'benchlab',
  description: `Energy of the operation on the ${role} rails, in joules.`,
});
const stderr = (role: string): Detail => ({
  type: 'number',
  origin: 'benchlab',
  description: `Standard error of the ${role} energy, in joules.`,
});

const details: Record<AttributeName, Detail> = {
  'hw.id': text('semconv', 'Identifies the hardware component, unique on the host.'),
  'hw.name': text('semconv', 'Name that people gave the component.'),
  'hw.parent': text('semconv', 'The `hw.id` of the component that this one is part of.'),
  'hw.type': text('semconv', 'Kind of component: `power_rail`, `temperature`, `voltage`, `fan` …'),
  'hw.state': text('semconv', 'Health of the component.', [
    'ok',
    'degraded',
    'failed',
    'predicted_failure',
    'needs_cleaning',
  ]),
  'hw.sensor_location': text('semconv', 'Where the sensor sits: `EPS1`, `TS_1` …'),
  'hw.firmware_version': text('semconv', 'Firmware of the component.'),
  'hw.model': text('semconv', 'Product name of the component.'),
  'benchlab.firmware.assumed': text(
    'benchlab',
    'The published firmware that an unpublished one is read as, because the user said so. Absent otherwise.',
  ),
  'benchlab.port': text('benchlab', 'The serial port that the board is connected to.'),
  'benchlab.simulated': {
    type: 'boolean',
    origin: 'benchlab',
    description: 'True when emulated hardware produced it, or it derives from such. Absent otherwise.',
  },
  'benchlab.receiver.name': text('benchlab', 'The receiver that polled.'),
  'benchlab.poll.outcome': text('benchlab', 'How a poll went.', ['success', 'partial', 'failure', 'no_data']),
  'benchlab.fault.name': text('benchlab', 'The fault by its name in the firmware contract.'),
  'benchlab.fault.kind': text('benchlab', 'Present now, or since the log was reset.', ['live', 'latched']),
  'benchlab.metric': text('benchlab', 'Name of the metric that is told about, as Prometheus knows it.'),
  'benchlab.operation': text('benchlab', 'Span name of the operation.'),
  'benchlab.power.role': text('benchlab', 'Which consumer the power is for.', ['system', 'cpu', 'gpu', 'board']),
  'benchlab.energy.boundary': text('benchlab', 'Where the power was measured.', [
    'dc_rails',
    'gpu_board',
    'cpu_package',
  ]),
  'benchlab.energy.method': text('benchlab', 'How the energy was attributed.', ['direct', 'apportioned', 'counter']),
  'benchlab.energy.nature': text('benchlab', 'What kind of figure it is.', ['measured', 'apportioned', 'simulated']),
  'benchlab.energy.coverage': {
    type: 'number',
    origin: 'benchlab',
    description: "Share of the span's duration that valid samples cover, 0 to 1.",
  },
  'benchlab.energy.samples': {
    type: 'number',
    origin: 'benchlab',
    description: 'Number of samples taken while the operation ran.',
  },
  'benchlab.energy.source': text('benchlab', 'The `hw.id` of the meter.'),
  'benchlab.energy.system.joules': joules('system'),
  'benchlab.energy.system.stderr': stderr('system'),
  'benchlab.energy.cpu.joules': joules('CPU'),
  'benchlab.energy.cpu.stderr': stderr('CPU'),
  'benchlab.energy.gpu.joules': joules('GPU'),
  'benchlab.energy.gpu.stderr': stderr('GPU'),
  environment: text('seed', 'Deployment environment, as a metric label.'),
  'error.type': text('semconv', 'Class of the error; absent on success.'),
  'code.function.name': text('semconv', 'The function that was called: `Shop.buy`.'),
};

/** Every attribute of the registry. */
export const attributes: readonly AttributeDefinition[] = Object.entries(details).map(([name, detail]) => ({
  name,
  ...detail,
}));
