import { attribute, metric } from '@benchlab-otel/core';
import { boardReadings } from './boardReadings.ts';
import { courseOf } from './course.ts';
import type { DataProcess } from './processes.ts';
import { type DataReading, reading } from './reading.ts';
import { powerKey } from './readingSeries.ts';
import { dataEnd } from './window.ts';

type Host = DataProcess['host'];

const gibibyte = 2 ** 30;
const { hwId, hwName, hwParent, hwModel, hwType, hwSensorLocation, hwLimitType, networkIoDirection } = attribute;

/** What the devices of a host read: its board, and what its agent finds inside of it. */
export function deviceReadings(host: Host): readonly DataReading[] {
  return [
    ...boardReadings(host),
    ...gpuReadings(host),
    ...processorReadings(host),
    ...partReadings(host),
    ...limitReadings(host),
  ];
}

/** The labels of NVML on one host and those of nvidia-smi on the other: the program stands in the meter. */
function gpuReadings(host: Host): readonly DataReading[] {
  const id = `GPU-${host}`;
  const marked = markOf(host);
  const gpu = { ...marked, [hwId]: id, [hwName]: 'NVIDIA H200' };
  const meter = { ...gpu, [hwType]: 'gpu', [attribute.meter]: host === 'bench-a' ? 'nvml' : 'nvidia_smi' };
  const part = (name: string, type: string, location: string) => ({
    ...marked,
    [hwId]: `${id}/${name}`,
    [hwName]: 'NVIDIA H200',
    [hwParent]: id,
    [hwType]: type,
    [hwSensorLocation]: location,
  });
  const core = part('temperature/gpu', 'temperature', 'gpu');
  const memory = part('temperature/memory', 'temperature', 'memory');
  const fan = part('fan0', 'fan', 'fan0');
  const tasks = { general: 0.87, encoder: 0.31, decoder: 0.32, jpeg: 0.02, ofa: 0.01 };
  const clocks = { graphics: 1.98e9, sm: 1.98e9, memory: 3.2e9, video: 1.5e9 };
  const directions = ['transmit', 'receive'];
  const power = courseOf(powerKey(id));
  return [
    reading(metric.hwPower, meter, 350),
    reading(metric.hwEnergy, meter, 350),
    reading(metric.benchlabGpuPowerInstant, { ...gpu, [attribute.meter]: 'nvml' }, 352),
    reading(metric.benchlabGpuPowerLimit, gpu, 700),
    reading(metric.hwGpuMemoryUsage, gpu, 64 * gibibyte),
    reading(metric.hwGpuMemoryLimit, gpu, 141 * gibibyte),
    reading(metric.hwGpuMemoryUtilization, gpu, 64 / 141),
    ...Object.entries(tasks).map(([task, share]) =>
      reading(metric.hwGpuUtilization, { ...gpu, [attribute.hwGpuTask]: task }, share),
    ),
    ...Object.entries(clocks).flatMap(([clock, hertz]) => {
      const which = { ...gpu, [attribute.gpuClock]: clock };
      return [reading(metric.benchlabGpuClock, which, hertz), reading(metric.benchlabGpuClockLimit, which, hertz)];
    }),
    // The card lowers its clocks while it draws the most.
    ...clockReasons.map((reason) =>
      reading(metric.benchlabGpuClockEvent, { ...gpu, [attribute.gpuClockReason]: reason }, 0, (instant) =>
        reason === 'software_power_cap' && power.level(instant) > 0.3 ? 1 : 0,
      ),
    ),
    reading(metric.benchlabGpuPerformanceState, gpu, 0),
    reading(metric.benchlabGpuPcieLinkGeneration, gpu, 5),
    reading(metric.benchlabGpuPcieLinkWidth, gpu, 16),
    reading(metric.benchlabGpuPcieReplays, gpu, 0.001),
    ...directions.flatMap((direction) => [
      reading(metric.benchlabGpuPcieThroughput, { ...gpu, [networkIoDirection]: direction }, 2e9),
      reading(metric.hwGpuIo, { ...gpu, [networkIoDirection]: direction }, 2e9),
    ]),
    reading(metric.hwErrors, { ...gpu, [hwType]: 'gpu', [attribute.errorType]: 'ecc_corrected' }, 0.01),
    reading(metric.hwErrors, { ...gpu, [hwType]: 'gpu', [attribute.errorType]: 'ecc_uncorrected' }, 0),
    reading(metric.benchlabGpuProcesses, gpu, 2),
    ...['4711', '4712'].flatMap((pid) => {
      const started = { [attribute.processPid]: pid, [attribute.processCreationTime]: '2026-11-22T08:00:00.000Z' };
      const process = { ...gpu, ...started };
      return [
        reading(metric.benchlabGpuProcessMemory, process, 30 * gibibyte),
        ...Object.entries(tasks).map(([task, share]) =>
          reading(metric.benchlabGpuProcessUtilization, { ...process, [attribute.hwGpuTask]: task }, share / 2),
        ),
      ];
    }),
    reading(metric.hwTemperature, core, 61),
    reading(metric.hwTemperature, memory, 70),
    ...Object.entries({ 'high.critical': 95, throttled: 90, 'high.degraded': 87 }).map(([limit, celsius]) =>
      reading(metric.hwTemperatureLimit, { ...core, [hwLimitType]: limit }, celsius),
    ),
    reading(metric.hwTemperatureLimit, { ...memory, [hwLimitType]: 'high.degraded' }, 95),
    reading(metric.hwFanSpeedRatio, fan, 0.4),
    reading(metric.hwFanSpeed, fan, 1501),
    reading(metric.benchlabDisagreement, comparison(host, 'gpu', 'nvml'), 0.04),
    reading(metric.benchlabDisagreementPower, comparison(host, 'gpu', 'nvml'), 14),
    ...['rails', 'device'].map((side) =>
      reading(
        metric.benchlabDisagreementAge,
        { ...comparison(host, 'gpu', 'nvml'), [attribute.disagreementSide]: side },
        0.1,
      ),
    ),
  ];
}

/** One side of it is the board, which is emulated on bench-b. */
function comparison(host: Host, role: string, meter: string): Readonly<Record<string, string>> {
  return { ...markOf(host), [attribute.powerRole]: role, [attribute.meter]: meter };
}

/** The board and the GPU of bench-b are emulated. */
function markOf(host: Host): Readonly<Record<string, string>> {
  return host === 'bench-a' ? {} : { [attribute.simulated]: 'true' };
}

/** NVML, nvmlClocksEventReasons. */
const clockReasons = [
  'idle',
  'application_clocks',
  'software_power_cap',
  'hardware_slowdown',
  'sync_boost',
  'software_thermal',
  'hardware_thermal',
  'hardware_power_brake',
  'display_clock',
];

/** RAPL measures the package that the EPS rails of the board feed. */
function processorReadings(host: Host): readonly DataReading[] {
  const zone = (name: string, domain: string, type: string) => ({
    [hwId]: `rapl-${host}/${name}`,
    [hwParent]: `rapl-${host}`,
    [hwName]: domain,
    [hwType]: type,
    [attribute.meter]: 'rapl',
  });
  const zones = [
    { labels: zone('intel-rapl:0', 'package-0', 'cpu'), watts: 120 },
    { labels: zone('intel-rapl:0:0', 'dram', 'memory'), watts: 11 },
  ];
  const chip = {
    [hwId]: `hwmon-${host}/power1`,
    [hwParent]: `hwmon-${host}`,
    [hwSensorLocation]: 'power1',
    [hwType]: 'power_sensor',
    [attribute.meter]: 'hwmon',
  };
  const cpu = { [hwId]: `cpu-${host}`, [hwName]: 'cpu0', [hwModel]: 'EPYC 9354' };
  return [
    ...zones.flatMap(({ labels, watts }) => [
      reading(metric.hwPower, labels, watts),
      reading(metric.hwEnergy, labels, watts),
    ]),
    reading(metric.hwPower, chip, 90),
    reading(metric.hwEnergy, chip, 90),
    reading(metric.benchlabCurrent, chip, 7.5),
    reading(metric.hwCpuSpeed, cpu, 3.2e9),
    reading(metric.hwCpuSpeedLimit, { ...cpu, [hwLimitType]: 'max' }, 3.8e9),
    reading(metric.benchlabDisagreement, comparison(host, 'cpu', 'rapl'), -0.06),
    reading(metric.benchlabDisagreementPower, comparison(host, 'cpu', 'rapl'), -8),
    ...['rails', 'device'].map((side) =>
      reading(
        metric.benchlabDisagreementAge,
        { ...comparison(host, 'cpu', 'rapl'), [attribute.disagreementSide]: side },
        0.1,
      ),
    ),
  ];
}

/** Memory, network, disk and power supply. */
function partReadings(host: Host): readonly DataReading[] {
  const module = { [hwId]: `dimm0-${host}`, [hwName]: 'DIMM 0', [hwModel]: 'DDR5-4800' };
  const adapter = { [hwId]: `eth0-${host}`, [hwName]: 'eth0', [hwModel]: 'X710' };
  const disk = { [hwId]: `nvme0n1-${host}`, [hwName]: 'nvme0n1', [hwModel]: 'PM9A3' };
  const supply = { [hwId]: `psu0-${host}`, [hwName]: 'PSU 0', [hwModel]: 'HX1500i' };
  const directions = ['transmit', 'receive'];
  const states = ['ok', 'degraded', 'failed', 'predicted_failure', 'needs_cleaning'];
  return [
    reading(metric.hwMemorySize, module, 64 * gibibyte),
    reading(metric.hwNetworkUp, adapter, 1),
    reading(metric.hwNetworkBandwidthLimit, adapter, 1.25e9),
    reading(metric.hwNetworkBandwidthUtilization, adapter, 0.16),
    ...directions.flatMap((direction) => [
      reading(metric.hwNetworkIo, { ...adapter, [networkIoDirection]: direction }, 2e7),
      reading(metric.hwNetworkPackets, { ...adapter, [networkIoDirection]: direction }, 2e4),
    ]),
    reading(metric.hwPhysicalDiskSize, disk, 1.92e12),
    reading(metric.hwPhysicalDiskEnduranceUtilization, { ...disk, [attribute.hwPhysicalDiskState]: 'remaining' }, 0.93),
    reading(
      metric.hwPhysicalDiskSmart,
      { ...disk, [attribute.hwPhysicalDiskSmartAttribute]: 'Seek Error Rate' },
      0.001,
    ),
    reading(metric.hwPowerSupplyLimit, { ...supply, [hwLimitType]: 'max' }, 1500),
    reading(metric.hwPowerSupplyUsage, supply, 362),
    reading(metric.hwPowerSupplyUtilization, supply, 362 / 1500),
    ...states.map((state) =>
      reading(
        metric.hwStatus,
        { [hwId]: `nvme0n1-${host}`, [hwName]: 'nvme0n1', [hwType]: 'physical_disk', [attribute.hwState]: state },
        0,
        (instant) => (state === diskState(host, instant) ? 1 : 0),
      ),
    ),
  ];
}

/** The disk of bench-b announces its end. */
function diskState(host: Host, instant: number): string {
  return host === 'bench-b' && instant >= dataEnd - 1800 ? 'predicted_failure' : 'ok';
}

/** A sensor with every kind of limit: no device states all of them. */
function limitReadings(host: Host): readonly DataReading[] {
  const sensor = (type: string) => ({
    [hwId]: `spare-${host}/${type}`,
    [hwName]: 'spare',
    [hwParent]: `spare-${host}`,
    [hwType]: type,
    [hwSensorLocation]: 'spare',
  });
  const kinds = {
    critical: 3,
    degraded: 2.5,
    'high.critical': 3,
    'high.degraded': 2.5,
    'low.critical': 0.1,
    'low.degraded': 0.2,
    max: 4,
    throttled: 2.8,
    turbo: 3.5,
  };
  const limited = [
    { of: metric.hwTemperature, limit: metric.hwTemperatureLimit, type: 'temperature', base: 40 },
    { of: metric.hwVoltage, limit: metric.hwVoltageLimit, type: 'voltage', base: 3.3 },
    { of: metric.hwFanSpeed, limit: metric.hwFanSpeedLimit, type: 'fan', base: 900 },
  ];
  const speed = { [hwId]: `spare-${host}/cpu`, [hwName]: 'spare' };
  return [
    ...limited.flatMap(({ of, limit, type, base }) => [
      reading(of, sensor(type), base),
      ...Object.entries(kinds).map(([kind, times]) =>
        reading(limit, { ...sensor(type), [hwLimitType]: kind }, base * times),
      ),
    ]),
    reading(metric.hwVoltageNominal, sensor('voltage'), 3.3),
    ...Object.entries(kinds).flatMap(([kind, times]) => [
      reading(metric.hwCpuSpeedLimit, { ...speed, [hwLimitType]: kind }, 1e9 * times),
      reading(metric.hwPowerSupplyLimit, { ...speed, [hwLimitType]: kind }, 500 * times),
      reading(metric.benchlabGpuPowerLimit, { ...speed, [hwLimitType]: kind }, 350 * times),
    ]),
  ];
}
