import { attribute, metric, type Reading, type Sensor } from '@benchlab-otel/core';
import { connectorOf } from '../contract/rail.ts';
import type { BoardInfo } from '../device/connect.ts';
import type { FrameDecoder } from './decode.ts';

/** Below half an ampere a wire on average, offsets of the shunts are a large part of the current: no ratio is given. */
const leastMilliampsAWire = 500;

interface Connector {
  readonly sensor: Sensor;
  /** Where the currents of its wires are, in mA. */
  readonly slots: readonly number[];
}

/**
 * How unevenly the wires of a 12V-2x6 connector share its current: (largest - smallest) / mean of their currents. 0 when
 * all carry the same; 1 when the spread is as much as one wire should carry, which is on the way to a connector that
 * melts. Boards that do not measure single wires have no ratio.
 */
export class ConnectorImbalance {
  readonly #connectors: readonly Connector[];

  constructor(board: BoardInfo, rails: readonly string[], decoder: FrameDecoder) {
    const wires = new Map<string, number[]>();
    for (const [index, rail] of rails.entries()) {
      const connector = connectorOf(rail);
      const slot = decoder.slot(`PowerReadings.${index}.Current`);
      if (connector !== undefined && slot !== undefined) wires.set(connector, [...(wires.get(connector) ?? []), slot]);
    }
    this.#connectors = [...wires].map(([connector, slots]) => ({ slots, sensor: sensorOf(board, connector) }));
  }

  /** Appends a reading for each connector that carries enough current. */
  append(raw: Int32Array, readings: Reading[]): void {
    for (const { sensor, slots } of this.#connectors) {
      let [sum, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const slot of slots) {
        const milliamps = raw[slot] ?? 0;
        sum += milliamps;
        least = Math.min(least, milliamps);
        most = Math.max(most, milliamps);
      }
      const mean = sum / slots.length;
      if (mean >= leastMilliampsAWire) readings.push({ sensor, value: (most - least) / mean });
    }
  }
}

function sensorOf(board: BoardInfo, connector: string): Sensor {
  return {
    metric: metric.benchlabConnectorImbalance,
    attributes: {
      [attribute.hwId]: `${board.uid}/${connector}`,
      [attribute.hwParent]: board.uid,
      [attribute.hwSensorLocation]: connector,
      ...(board.simulated && { [attribute.simulated]: true }),
    },
  };
}
