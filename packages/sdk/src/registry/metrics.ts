import { attribute } from './attributes.ts';
import { durationBuckets } from './buckets.ts';
import type { MetricDefinition } from './definition.ts';

export { benchlabCallDuration, benchlabCalls } from './calls.ts';

const { hwId, hwName, hwParent, hwType, hwState, hwSensorLocation, simulated } = attribute;
const sensor = [hwId, hwName, hwParent, hwSensorLocation, simulated];
const typed = [...sensor, hwType];
// Development: every hw.* metric of the semantic conventions 1.45 is at that stability.
const semconv = { stability: 'development', origin: 'semconv' } as const;
const own = { stability: 'development', origin: 'benchlab' } as const;

/** Power that the whole host draws. */
export const hwHostPower: MetricDefinition = {
  name: 'hw.host.power',
  unit: 'W',
  instrument: 'gauge',
  attributes: sensor,
  description: 'Power that the whole host draws.',
  ...semconv,
};

/** Energy that the whole host has used since the meter was first read. */
export const hwHostEnergy: MetricDefinition = {
  name: 'hw.host.energy',
  unit: 'J',
  instrument: 'counter',
  attributes: sensor,
  description: 'Energy that the whole host has used since the meter was first read.',
  ...semconv,
};

/** Temperature of the air around the host. */
export const hwHostAmbientTemperature: MetricDefinition = {
  name: 'hw.host.ambient_temperature',
  unit: 'Cel',
  instrument: 'gauge',
  attributes: sensor,
  description: 'Temperature of the air around the host.',
  ...semconv,
};

/** Power that the component draws. */
export const hwPower: MetricDefinition = {
  name: 'hw.power',
  unit: 'W',
  instrument: 'gauge',
  attributes: typed,
  description: 'Power that the component draws.',
  ...semconv,
};

/** Energy that the component has used since it was first read. */
export const hwEnergy: MetricDefinition = {
  name: 'hw.energy',
  unit: 'J',
  instrument: 'counter',
  attributes: typed,
  description: 'Energy that the component has used since it was first read.',
  ...semconv,
};

/** Voltage at the sensor. */
export const hwVoltage: MetricDefinition = {
  name: 'hw.voltage',
  unit: 'V',
  instrument: 'gauge',
  attributes: typed,
  description: 'Voltage at the sensor.',
  ...semconv,
};

/** Temperature at the sensor. */
export const hwTemperature: MetricDefinition = {
  name: 'hw.temperature',
  unit: 'Cel',
  instrument: 'gauge',
  attributes: typed,
  description: 'Temperature at the sensor.',
  ...semconv,
};

/** Speed of the fan. */
export const hwFanSpeed: MetricDefinition = {
  name: 'hw.fan.speed',
  unit: 'rpm',
  instrument: 'gauge',
  attributes: typed,
  description: 'Speed of the fan.',
  ...semconv,
};

/** Health of the component: 1 for the state it is in, 0 for the others. */
export const hwStatus: MetricDefinition = {
  name: 'hw.status',
  unit: '1',
  instrument: 'updowncounter',
  attributes: [hwId, hwName, hwType, hwState, simulated],
  description: 'Health of the component: 1 for the state it is in, 0 for the others.',
  ...semconv,
};

/** Current through the rail. The semantic conventions have no metric for current. */
export const benchlabCurrent: MetricDefinition = {
  name: 'benchlab.current',
  unit: 'A',
  instrument: 'gauge',
  attributes: typed,
  description: 'Current through the rail. The semantic conventions have no metric for current.',
  ...own,
};

/** Relative humidity of the air around the host. The semantic conventions have no metric for humidity. */
export const benchlabHumidity: MetricDefinition = {
  name: 'benchlab.humidity',
  unit: '1',
  instrument: 'gauge',
  attributes: sensor,
  description: 'Relative humidity of the air around the host. The semantic conventions have no metric for humidity.',
  ...own,
};

/** Share of full drive that the board gives the fan. */
export const benchlabFanDuty: MetricDefinition = {
  name: 'benchlab.fan.duty',
  unit: '1',
  instrument: 'gauge',
  attributes: typed,
  description: 'Share of full drive that the board gives the fan.',
  ...own,
};

/** 1 when the board drives the fan: with duty above 0 and 0 rpm it is stalled, else nothing is plugged in. */
export const benchlabFanEnabled: MetricDefinition = {
  name: 'benchlab.fan.enabled',
  unit: '',
  instrument: 'gauge',
  attributes: typed,
  description:
    '1 when the board drives the fan: with duty above 0 and 0 rpm it is stalled, else nothing is plugged in.',
  ...own,
};

/** 1 while a fault of BENCHLAB 2 is present (kind live) or has been since it was reset (kind latched). */
export const benchlabFault: MetricDefinition = {
  name: 'benchlab.fault',
  unit: '',
  instrument: 'gauge',
  attributes: [hwId, attribute.faultName, attribute.faultKind, simulated],
  description: '1 while a fault of BENCHLAB 2 is present (kind live) or has been since it was reset (kind latched).',
  ...own,
};

/** Energy of one operation. */
export const benchlabOperationEnergy: MetricDefinition = {
  name: 'benchlab.operation.energy',
  unit: 'J',
  instrument: 'histogram',
  attributes: [attribute.operation, attribute.powerRole, attribute.energyMethod, simulated],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000],
  description: 'Energy of one operation.',
  ...own,
};

/** Duration of one operation. */
export const benchlabOperationDuration: MetricDefinition = {
  name: 'benchlab.operation.duration',
  unit: 's',
  instrument: 'histogram',
  attributes: [attribute.operation, attribute.errorType],
  buckets: durationBuckets,
  description: 'Duration of one operation.',
  ...own,
};

/** Polls by how they went. */
export const benchlabReceiverPolls: MetricDefinition = {
  name: 'benchlab.receiver.polls',
  unit: '{poll}',
  instrument: 'counter',
  attributes: [attribute.receiverName, attribute.pollOutcome],
  description: 'Polls by how they went.',
  ...own,
};

/** Polls that were due while an earlier one still ran, and were skipped. */
export const benchlabReceiverMissed: MetricDefinition = {
  name: 'benchlab.receiver.missed_polls',
  unit: '{poll}',
  instrument: 'counter',
  attributes: [attribute.receiverName],
  description: 'Polls that were due while an earlier one still ran, and were skipped.',
  ...own,
};

/** How long the latest poll took. */
export const benchlabReceiverDuration: MetricDefinition = {
  name: 'benchlab.receiver.poll.duration',
  unit: 's',
  instrument: 'gauge',
  attributes: [attribute.receiverName],
  description: 'How long the latest poll took.',
  ...own,
};

/** Time since the latest sample of the device. It grows while a device is silent. */
export const benchlabSampleAge: MetricDefinition = {
  name: 'benchlab.sample.age',
  unit: 's',
  instrument: 'gauge',
  attributes: [hwId, simulated],
  description: 'Time since the latest sample of the device. It grows while a device is silent.',
  ...own,
};

/** Time without valid samples, for which no energy was counted. */
export const benchlabSampleGap: MetricDefinition = {
  name: 'benchlab.sample.gap',
  unit: 's',
  instrument: 'counter',
  attributes: [hwId, simulated],
  description: 'Time without valid samples, for which no energy was counted.',
  ...own,
};

/** Energy below zero, which the energy counters leave out: the offset of a shunt at no load, made visible. */
export const benchlabEnergyNegative: MetricDefinition = {
  name: 'benchlab.energy.negative',
  unit: 'J',
  instrument: 'counter',
  attributes: typed,
  description:
    'Energy below zero, which the energy counters leave out: the offset of a shunt at no load, made visible.',
  ...own,
};

/** Readings and poll reports that found no room: too many sources, sensors or receivers, or not a number. */
export const benchlabSampleDropped: MetricDefinition = {
  name: 'benchlab.sample.dropped',
  unit: '{reading}',
  instrument: 'counter',
  attributes: [],
  description: 'Readings and poll reports that found no room: too many sources, sensors or receivers, or not a number.',
  ...own,
};

/** Points of the latest scrape that were merged into another because their labels had become equal. */
export const benchlabPageMergedPoints: MetricDefinition = {
  name: 'benchlab.page.merged_points',
  unit: '{point}',
  instrument: 'gauge',
  attributes: [],
  description: 'Points of the latest scrape that were merged into another because their labels had become equal.',
  ...own,
};

/** Metrics left out of the latest scrape: their name is another metric's already, or they cannot be shown. */
export const benchlabPageDroppedMetrics: MetricDefinition = {
  name: 'benchlab.page.dropped_metrics',
  unit: '{metric}',
  instrument: 'gauge',
  attributes: [],
  description: 'Metrics left out of the latest scrape: their name is another metric already, or they cannot be shown.',
  ...own,
};

/** Share of the latest frames of a board that differ from the one before: below 1 it is read faster than it measures. */
export const benchlabSampleUniqueRatio: MetricDefinition = {
  name: 'benchlab.sample.unique_ratio',
  unit: '1',
  instrument: 'gauge',
  attributes: [hwId, simulated],
  description:
    'Share of the latest frames of a board that differ from the one before: below 1 it is read faster than it measures.',
  ...own,
};

/** Time from the request to the last byte of the latest reply. Half of it is the uncertainty of the sample's time. */
export const benchlabLinkRoundTrip: MetricDefinition = {
  name: 'benchlab.link.round_trip',
  unit: 's',
  instrument: 'gauge',
  attributes: [hwId, simulated],
  description:
    "Time from the request to the last byte of the latest reply. Half of it is the uncertainty of the sample's time.",
  ...own,
};

/** Bytes that a board sent without having been asked. They are dropped before the next request. */
export const benchlabLinkStaleBytes: MetricDefinition = {
  name: 'benchlab.link.stale',
  unit: 'By',
  instrument: 'counter',
  attributes: [hwId, simulated],
  description: 'Bytes that a board sent without having been asked. They are dropped before the next request.',
  ...own,
};

/** Readings that a device delivered and that were dropped: beyond what can be, or from a sensor that failed. */
export const benchlabReadingsRejected: MetricDefinition = {
  name: 'benchlab.readings.rejected',
  unit: '{reading}',
  instrument: 'counter',
  attributes: [hwId, attribute.errorType, simulated],
  description: 'Readings that a device delivered and that were dropped: beyond what can be, or from a failed sensor.',
  ...own,
};
