import { attribute, metric } from '@benchlab-otel/core';
import type { DataProcess } from './processes.ts';
import { type DataReading, reading } from './reading.ts';
import { dataEnd } from './window.ts';

/** Volts and watts of each rail of a board, as the emulator has them at rest. */
const rails: Readonly<Record<string, readonly [number, number]>> = {
  EPS1: [12, 100],
  EPS2: [12, 60],
  ATX3V: [3.3, 6],
  ATX5V: [5, 11],
  ATX5VSB: [5, 1.5],
  ATX12V: [12, 24],
  PCIE1: [12, 11],
  PCIE2: [0, 0],
  PCIE3: [0, 0],
  HPWR1: [12, 111],
  HPWR2: [0, 0],
};
/** What the rails above draw together. */
const hostWatts = 324.5;
/** Watts of each wire of the connector HPWR1, which add up to those of the rail. */
const wires = [18.2, 18.4, 18.3, 18.9, 18.6, 18.6];
const temperatures = { CHIP: 37, TS_1: 43, TS_2: 36, TS_HPWR1_IN: 45, TS_HPWR1_OUT: 48 };
const fans = { FAN_1: 900, FAN_2: 900, FAN_3: 0 };
const voltages = { VIN_0: 12, VDD: 3.3 };
const faults = ['otp_ts1', 'ocp_hpwr1', 'current_imbalance_hpwr1'];

/** The readings of a BENCHLAB 2: real on bench-a, emulated on bench-b. */
export function boardReadings(host: DataProcess['host']): readonly DataReading[] {
  const id = host === 'bench-a' ? 'BOARD000A' : '53494D11000B';
  const marked: Readonly<Record<string, string>> = host === 'bench-a' ? {} : { [attribute.simulated]: 'true' };
  const board = { ...marked, [attribute.hwId]: id };
  const named = { ...board, [attribute.hwName]: host === 'bench-a' ? 'left' : 'emulated' };
  const sensor = (location: string, type: string, parent = id) => ({
    ...marked,
    [attribute.hwId]: `${id}/${location}`,
    [attribute.hwParent]: parent,
    [attribute.hwSensorLocation]: location,
    [attribute.hwType]: type,
  });
  const inside = (role: string) => ({ ...marked, [attribute.powerRole]: role });
  return [
    reading(metric.hwHostPower, named, hostWatts),
    reading(metric.hwHostEnergy, named, hostWatts),
    reading(metric.benchlabEnergyNegative, named, 0),
    reading(metric.benchlabPowerW, marked, hostWatts),
    ...Object.entries(rails).flatMap(([location, [volts, watts]]) => {
      const rail = sensor(location, 'power_rail');
      return [
        reading(metric.hwPower, rail, watts),
        reading(metric.hwEnergy, rail, watts),
        reading(metric.hwVoltage, rail, volts),
        reading(metric.benchlabCurrent, rail, volts === 0 ? 0 : watts / volts),
        reading(metric.benchlabEnergyNegative, rail, 0),
      ];
    }),
    ...wires.flatMap((watts, index) => {
      const own = sensor(`HPWR1_W${index + 1}`, 'power_rail', `${id}/HPWR1`);
      return [
        reading(metric.hwPower, own, watts),
        reading(metric.hwVoltage, own, 12),
        reading(metric.benchlabCurrent, own, watts / 12),
      ];
    }),
    reading(metric.benchlabConnectorImbalance, sensor('HPWR1', 'power_rail'), 0.02),
    ...Object.entries(voltages).map(([location, volts]) =>
      reading(metric.hwVoltage, sensor(location, 'voltage'), volts),
    ),
    ...Object.entries(temperatures).map(([location, celsius]) =>
      reading(metric.hwTemperature, sensor(location, 'temperature'), celsius),
    ),
    reading(metric.hwHostAmbientTemperature, sensor('AMBIENT', ''), 25),
    reading(metric.hwHostHeatingMargin, named, 20),
    reading(metric.benchlabHumidity, sensor('AMBIENT', ''), 0.42),
    ...Object.entries(fans).flatMap(([location, rpm]) => {
      const fan = sensor(location, 'fan');
      return [
        reading(metric.hwFanSpeed, fan, rpm),
        reading(metric.hwFanSpeedRatio, fan, rpm / 2400),
        reading(metric.benchlabFanDuty, fan, rpm === 0 ? 0 : 0.37),
        reading(metric.benchlabFanEnabled, fan, rpm === 0 ? 0 : 1),
      ];
    }),
    ...faults.flatMap((name) =>
      ['live', 'latched'].map((kind) =>
        reading(
          metric.benchlabFault,
          { ...board, [attribute.faultName]: name, [attribute.faultKind]: kind },
          // One fault has been: the emulated board remembers it.
          host === 'bench-b' && kind === 'latched' && name === 'ocp_hpwr1' ? 1 : 0,
        ),
      ),
    ),
    ...['ok', 'degraded', 'failed', 'predicted_failure', 'needs_cleaning'].map((state) =>
      reading(
        metric.hwStatus,
        { ...named, [attribute.hwType]: 'power_meter', [attribute.hwState]: state },
        0,
        (instant) => (state === meterState(host, instant) ? 1 : 0),
      ),
    ),
    reading(metric.benchlabSampleAge, board, 0.1),
    reading(metric.benchlabSampleGap, board, 0.001),
    reading(metric.benchlabSampleUniqueRatio, board, 0.98),
    reading(metric.benchlabSampleRefreshRate, board, 10),
    reading(metric.benchlabLinkRoundTrip, board, 0.001),
    reading(metric.benchlabLinkOffset, board, 0.0005),
    reading(metric.benchlabLinkStaleBytes, board, 0.01),
    reading(metric.benchlabAgentClockOffset, board, 0.0004),
    reading(metric.benchlabAgentClockUncertainty, board, 0.0001),
    ...['implausible', 'sensor_failure'].map((error) =>
      reading(metric.benchlabReadingsRejected, { ...board, [attribute.errorType]: error }, 0),
    ),
    ...['system', 'cpu', 'gpu', 'board'].flatMap((role, index) => [
      reading(metric.benchlabBalanceIdle, inside(role), 40 - 10 * index),
      reading(metric.benchlabBalanceUnattributed, inside(role), 20 - 5 * index),
      reading(metric.benchlabBalanceNegative, inside(role), 0.01),
      reading(metric.benchlabBalanceGap, inside(role), 0.001),
    ]),
  ];
}

/** The emulated board misses a sensor since a while. */
function meterState(host: DataProcess['host'], instant: number): string {
  return host === 'bench-b' && instant >= dataEnd - 1200 ? 'degraded' : 'ok';
}
