import type { MetricDefinition } from './definition.ts';

// What receivers report about their own work.
const polls = ['benchlab.receiver.name', 'benchlab.poll.outcome'] as const;
const receiver = ['benchlab.receiver.name'] as const;
const failures = ['benchlab.receiver.name', 'error.type'] as const;
const source = ['hw.id', 'benchlab.simulated'] as const;
const typed = ['hw.id', 'hw.name', 'hw.parent', 'hw.sensor_location', 'benchlab.simulated', 'hw.type'] as const;
const rejected = ['hw.id', 'error.type', 'benchlab.simulated'] as const;
const reason = ['error.type'] as const;
const none = [] as const;
const own = { stability: 'development', origin: 'benchlab' } as const;

export const benchlabReceiverPolls: MetricDefinition<typeof polls> = {
  name: 'benchlab.receiver.polls',
  unit: '{poll}',
  instrument: 'counter',
  attributes: polls,
  description: 'Polls by how they went.',
  ...own,
};

export const benchlabReceiverFailures: MetricDefinition<typeof failures> = {
  name: 'benchlab.receiver.failures',
  unit: '{poll}',
  instrument: 'counter',
  attributes: failures,
  description: 'Polls that brought less than all, by the kind of the trouble: NO_REPLY, BAD_REPLY, DEVICE_LOST …',
  ...own,
};

export const benchlabReceiverMissed: MetricDefinition<typeof receiver> = {
  name: 'benchlab.receiver.missed_polls',
  unit: '{poll}',
  instrument: 'counter',
  attributes: receiver,
  description: 'Polls that were due while an earlier one still ran, and were skipped.',
  ...own,
};

export const benchlabReceiverDuration: MetricDefinition<typeof receiver> = {
  name: 'benchlab.receiver.poll.duration',
  unit: 's',
  instrument: 'gauge',
  attributes: receiver,
  description: 'How long the latest poll took.',
  ...own,
};

export const benchlabSampleAge: MetricDefinition<typeof source> = {
  name: 'benchlab.sample.age',
  unit: 's',
  instrument: 'gauge',
  attributes: source,
  description: 'Time since the latest sample of the device. It grows while a device is silent.',
  ...own,
};

export const benchlabSampleGap: MetricDefinition<typeof source> = {
  name: 'benchlab.sample.gap',
  unit: 's',
  instrument: 'counter',
  attributes: source,
  description: 'Time without valid samples, for which no energy was counted.',
  ...own,
};

export const benchlabSampleUniqueRatio: MetricDefinition<typeof source> = {
  name: 'benchlab.sample.unique_ratio',
  unit: '1',
  instrument: 'gauge',
  attributes: source,
  description:
    'Share of the latest frames of a board that differ from the one before: below 1 it is read faster than it measures.',
  ...own,
};

export const benchlabSampleRefreshRate: MetricDefinition<typeof source> = {
  name: 'benchlab.sample.refresh_rate',
  unit: 'Hz',
  instrument: 'gauge',
  attributes: source,
  description:
    'How often a board has new values, from its latest 100 frames. Absent where every frame is new: then the rate is at least that of the polls.',
  ...own,
};

export const benchlabSampleDropped: MetricDefinition<typeof none> = {
  name: 'benchlab.sample.dropped',
  unit: '{reading}',
  instrument: 'counter',
  attributes: none,
  description: 'Readings and poll reports that found no room: too many sources, sensors or receivers, or not a number.',
  ...own,
};

export const benchlabEnergyNegative: MetricDefinition<typeof typed> = {
  name: 'benchlab.energy.negative',
  unit: 'J',
  instrument: 'counter',
  attributes: typed,
  description:
    'Energy below zero, which the energy counters leave out: the offset of a shunt at no load, made visible.',
  ...own,
};

export const benchlabLinkRoundTrip: MetricDefinition<typeof source> = {
  name: 'benchlab.link.round_trip',
  unit: 's',
  instrument: 'gauge',
  attributes: source,
  description:
    "Time from the request to the last byte of the latest reply. Half of it is the uncertainty of the sample's time.",
  ...own,
};

export const benchlabLinkOffset: MetricDefinition<typeof source> = {
  name: 'benchlab.link.offset',
  unit: 's',
  instrument: 'gauge',
  attributes: source,
  description:
    'Time from the request to the instant that the sample is dated to, the middle of the exchange. A board has no clock of its own.',
  ...own,
};

export const benchlabLinkStaleBytes: MetricDefinition<typeof source> = {
  name: 'benchlab.link.stale',
  unit: 'By',
  instrument: 'counter',
  attributes: source,
  description: 'Bytes that a board sent without a request. They are dropped before the next request.',
  ...own,
};

export const benchlabReadingsRejected: MetricDefinition<typeof rejected> = {
  name: 'benchlab.readings.rejected',
  unit: '{reading}',
  instrument: 'counter',
  attributes: rejected,
  description:
    'Readings that a device delivered and that were dropped: impossible values, and values of a failed sensor. `impossible_power`: beyond 1 MW in either direction.',
  ...own,
};

export const benchlabAgentClockOffset: MetricDefinition<typeof source> = {
  name: 'benchlab.agent.clock.offset',
  unit: 's',
  instrument: 'gauge',
  attributes: source,
  description:
    "Clock of the agent that a device's samples come from, less the clock of this process, as the connection showed it. On one host both are CLOCK_MONOTONIC, so it is 0 within its uncertainty.",
  ...own,
};

export const benchlabAgentClockUncertainty: MetricDefinition<typeof source> = {
  name: 'benchlab.agent.clock.uncertainty',
  unit: 's',
  instrument: 'gauge',
  attributes: source,
  description:
    "The clock offset of the agent is known within this: half the time from the request for the connection to the agent's first line.",
  ...own,
};

export const benchlabBusReaders: MetricDefinition<typeof none> = {
  name: 'benchlab.bus.readers',
  unit: '{process}',
  instrument: 'updowncounter',
  attributes: none,
  description: 'Processes that are connected to the sample bus of an agent.',
  ...own,
};

export const benchlabBusSent: MetricDefinition<typeof none> = {
  name: 'benchlab.bus.sent',
  unit: 'By',
  instrument: 'counter',
  attributes: none,
  description: 'Bytes that the sample bus has sent, to all readers together.',
  ...own,
};

export const benchlabBusDropped: MetricDefinition<typeof reason> = {
  name: 'benchlab.bus.dropped',
  unit: '{message}',
  instrument: 'counter',
  attributes: reason,
  description:
    'Messages that the sample bus dropped for a reader that was too slow (`too_slow`), and messages beyond its bound (`no_room`).',
  ...own,
};

export const benchlabBusRefused: MetricDefinition<typeof reason> = {
  name: 'benchlab.bus.refused',
  unit: '{connection}',
  instrument: 'counter',
  attributes: reason,
  description:
    'Connections that the sample bus ended: one too many (`too_many`), hopelessly slow (`too_slow`), or not silent (`not_silent`).',
  ...own,
};
