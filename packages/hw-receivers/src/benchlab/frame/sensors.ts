import { attribute, metric, type Reading, type Sensor } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { Quantity } from '../contract/quantity.ts';
import { connectorOf } from '../contract/rail.ts';
import type { BoardInfo } from '../device/connect.ts';

/** The sensors that describe the board and the link to it, in addition to those of the frame. */
export interface LinkSensors {
  readonly systemPower: Sensor;
  readonly roundTrip: Sensor;
  readonly uniqueRatio: Sensor;
  readonly refreshRate: Sensor;
  readonly offset: Sensor;
  readonly staleBytes: Sensor;
  readonly implausible: Sensor;
  readonly ambientFailures: Sensor;
}

/** One sensor for each quantity, in their order. Made once for a board, so that consumers can find them by identity. */
export function frameSensors(board: BoardInfo, rails: readonly string[], quantities: readonly Quantity[]): Sensor[] {
  return quantities.map((quantity) => frameSensor(board, rails, quantity));
}

function frameSensor(board: BoardInfo, rails: readonly string[], { location, kind }: Quantity): Sensor {
  const placed = {
    [attribute.hwId]: `${board.uid}/${location}`,
    [attribute.hwParent]: parentOf(board.uid, location),
    [attribute.hwSensorLocation]: location,
    ...mark(board),
  };
  const typed = (type: string): Attributes => ({ ...placed, [attribute.hwType]: type });
  switch (kind) {
    case 'watts':
      // No energy for the wires of a connector: the connector's own counts it, and a sum over hw.energy counts it once.
      return connectorOf(location) === undefined
        ? { metric: metric.hwPower, attributes: typed('power_rail'), energyMetric: metric.hwEnergy }
        : { metric: metric.hwPower, attributes: typed('power_rail') };
    case 'amps':
      return { metric: metric.benchlabCurrent, attributes: typed('power_rail') };
    case 'volts':
      return { metric: metric.hwVoltage, attributes: typed(rails.includes(location) ? 'power_rail' : 'voltage') };
    case 'celsius':
      return location === 'AMBIENT'
        ? { metric: metric.hwHostAmbientTemperature, attributes: placed }
        : { metric: metric.hwTemperature, attributes: typed('temperature') };
    case 'humidity':
      return { metric: metric.benchlabHumidity, attributes: placed };
    case 'rpm':
      return { metric: metric.hwFanSpeed, attributes: typed('fan') };
    case 'duty':
      return { metric: metric.benchlabFanDuty, attributes: typed('fan') };
    case 'enabled':
      return { metric: metric.benchlabFanEnabled, attributes: typed('fan') };
  }
}

/** A wire is part of its connector, everything else of the board. */
function parentOf(uid: string, location: string): string {
  const connector = connectorOf(location);
  return connector === undefined ? uid : `${uid}/${connector}`;
}

export function linkSensors(board: BoardInfo): LinkSensors {
  const own = { [attribute.hwId]: board.uid, ...mark(board) };
  const named = board.name === '' ? own : { ...own, [attribute.hwName]: board.name };
  const rejected = (errorType: string): Sensor => ({
    metric: metric.benchlabReadingsRejected,
    attributes: { ...own, [attribute.errorType]: errorType },
  });
  return {
    systemPower: { metric: metric.hwHostPower, attributes: named, energyMetric: metric.hwHostEnergy },
    roundTrip: { metric: metric.benchlabLinkRoundTrip, attributes: own },
    uniqueRatio: { metric: metric.benchlabSampleUniqueRatio, attributes: own },
    refreshRate: { metric: metric.benchlabSampleRefreshRate, attributes: own },
    offset: { metric: metric.benchlabLinkOffset, attributes: own },
    staleBytes: { metric: metric.benchlabLinkStaleBytes, attributes: own },
    implausible: rejected('implausible'),
    ambientFailures: rejected('sensor_failure'),
  };
}

/** The sensor of one fault of the board. */
export function faultSensor(board: BoardInfo, name: string, kind: 'live' | 'latched'): Sensor {
  // A fault belongs to the board itself, so it has neither a parent nor a type of its own.
  const attributes = { [attribute.hwId]: board.uid, [attribute.faultName]: name, [attribute.faultKind]: kind };
  return { metric: metric.benchlabFault, attributes: { ...attributes, ...mark(board) } };
}

/** The status of the part that a live fault is about, by the conventions: one series for each state. */
export function faultStatusSensors(board: BoardInfo, name: string): { readonly ok: Sensor; readonly failed: Sensor } {
  const attributes = {
    [attribute.hwId]: `${board.uid}/fault/${name}`,
    [attribute.hwName]: name,
    [attribute.hwParent]: board.uid,
    [attribute.hwType]: name.startsWith('otp_') ? 'temperature' : 'power_rail',
    ...mark(board),
  };
  const sensor = (state: string): Sensor => ({
    metric: metric.hwStatus,
    attributes: { ...attributes, [attribute.hwState]: state },
  });
  return { ok: sensor('ok'), failed: sensor('failed') };
}

/** Readings of the values that are present. NaN is absent and has no reading. */
export function readingsOf(sensors: readonly Sensor[], values: Float64Array): Reading[] {
  const readings: Reading[] = [];
  let index = -1;
  for (const sensor of sensors) {
    index++;
    const value = values[index];
    if (value !== undefined && !Number.isNaN(value)) readings.push({ sensor, value });
  }
  return readings;
}

/** Only simulated boards are marked. */
function mark(board: BoardInfo): Attributes {
  return board.simulated ? { [attribute.simulated]: true } : {};
}
