import type { MetricDefinition } from './definition.ts';

// Values of sensors on any component. Source: OpenTelemetry semantic conventions 1.45, where every hw.* metric is at
// development stability.
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
const limit = [
  'hw.id',
  'hw.name',
  'hw.parent',
  'hw.sensor_location',
  'benchlab.simulated',
  'hw.type',
  'hw.limit_type',
] as const;
const status = ['hw.id', 'hw.name', 'hw.parent', 'hw.type', 'hw.state', 'benchlab.simulated'] as const;
const errors = ['hw.id', 'hw.name', 'hw.parent', 'hw.type', 'error.type', 'benchlab.simulated'] as const;
const semconv = { stability: 'development', origin: 'semconv' } as const;

export const hwHostPower: MetricDefinition<typeof sensor> = {
  name: 'hw.host.power',
  unit: 'W',
  instrument: 'gauge',
  attributes: sensor,
  description: 'Power that the whole host draws.',
  ...semconv,
};

export const hwHostEnergy: MetricDefinition<typeof sensor> = {
  name: 'hw.host.energy',
  unit: 'J',
  instrument: 'counter',
  attributes: sensor,
  description: 'Energy that the whole host has used since the meter was first read.',
  ...semconv,
};

export const hwHostAmbientTemperature: MetricDefinition<typeof sensor> = {
  name: 'hw.host.ambient_temperature',
  unit: 'Cel',
  instrument: 'gauge',
  attributes: sensor,
  description: 'Temperature of the air around the host.',
  ...semconv,
};

export const hwHostHeatingMargin: MetricDefinition<typeof sensor> = {
  name: 'hw.host.heating_margin',
  unit: 'Cel',
  instrument: 'gauge',
  attributes: sensor,
  description: 'How much warmer the host may become before it is too hot.',
  ...semconv,
};

export const hwPower: MetricDefinition<typeof metered> = {
  name: 'hw.power',
  unit: 'W',
  instrument: 'gauge',
  attributes: metered,
  description: 'Power that the component draws.',
  ...semconv,
};

export const hwEnergy: MetricDefinition<typeof metered> = {
  name: 'hw.energy',
  unit: 'J',
  instrument: 'counter',
  attributes: metered,
  description: 'Energy that the component has used since it was first read.',
  ...semconv,
};

export const hwVoltage: MetricDefinition<typeof typed> = {
  name: 'hw.voltage',
  unit: 'V',
  instrument: 'gauge',
  attributes: typed,
  description: 'Voltage at the sensor.',
  ...semconv,
};

export const hwVoltageLimit: MetricDefinition<typeof limit> = {
  name: 'hw.voltage.limit',
  unit: 'V',
  instrument: 'gauge',
  attributes: limit,
  description: 'Voltage that the component must not cross.',
  ...semconv,
};

export const hwVoltageNominal: MetricDefinition<typeof typed> = {
  name: 'hw.voltage.nominal',
  unit: 'V',
  instrument: 'gauge',
  attributes: typed,
  description: 'Voltage that the component is made for.',
  ...semconv,
};

export const hwTemperature: MetricDefinition<typeof typed> = {
  name: 'hw.temperature',
  unit: 'Cel',
  instrument: 'gauge',
  attributes: typed,
  description: 'Temperature at the sensor.',
  ...semconv,
};

export const hwTemperatureLimit: MetricDefinition<typeof limit> = {
  name: 'hw.temperature.limit',
  unit: 'Cel',
  instrument: 'gauge',
  attributes: limit,
  description: 'Temperature that the component must not cross.',
  ...semconv,
};

export const hwFanSpeed: MetricDefinition<typeof typed> = {
  name: 'hw.fan.speed',
  unit: 'rpm',
  instrument: 'gauge',
  attributes: typed,
  description: 'Speed of the fan.',
  ...semconv,
};

export const hwFanSpeedLimit: MetricDefinition<typeof limit> = {
  name: 'hw.fan.speed.limit',
  unit: 'rpm',
  instrument: 'gauge',
  attributes: limit,
  description: 'Speed that the fan must not cross.',
  ...semconv,
};

export const hwFanSpeedRatio: MetricDefinition<typeof typed> = {
  name: 'hw.fan.speed_ratio',
  unit: '1',
  instrument: 'gauge',
  attributes: typed,
  description: 'Speed of the fan as a share of its fastest.',
  ...semconv,
};

export const hwErrors: MetricDefinition<typeof errors> = {
  name: 'hw.errors',
  unit: '{error}',
  instrument: 'counter',
  attributes: errors,
  description: 'Errors of the component, by kind.',
  ...semconv,
};

export const hwStatus: MetricDefinition<typeof status> = {
  name: 'hw.status',
  unit: '1',
  instrument: 'updowncounter',
  attributes: status,
  description: 'Health of the component: 1 for the state it is in, 0 for the others.',
  ...semconv,
};
