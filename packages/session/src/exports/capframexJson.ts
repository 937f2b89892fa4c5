import { createHash } from 'node:crypto';
import { OptionError } from '@benchlab-otel/core';
import type { LatencyRow } from '@benchlab-otel/wire';
import type { SessionHost } from '../folder/sessionFile.ts';
import { type SensorGrid, sensorGrid } from '../sensors/sensorGrid.ts';
import { sensorLabel } from '../sensors/sensorLabel.ts';
import type { SensorSeries } from '../sensors/sensorSeries.ts';
import type { CapframexMeta } from './capframexCsv.ts';
import { checkedApplication, type FrameTime } from './frameLines.ts';

/** What the JSON record shows beyond its frames. */
export interface CapframexJsonMeta extends CapframexMeta {
  readonly host: SessionHost;
  readonly sensors: readonly SensorSeries[];
}

/** A record is one text, whose 15 lists have each frame. */
const maxFrames = 1_000_000;
const nsPerMs = 1e6;

/**
 * The rows of one pair of stages as a record of CapFrameX, with all sensors of the bench and the power of the whole. Sources:
 * CXWorld/CapFrameX, source/CapFrameX.Data.Session/Classes (commit 3ba66ff5). Hash and id are made of the content: the same session
 * gives the same record, and another one another. What a pipeline does not have (time in the present call, of GPU and
 * processor) is 0, as the program wants lists of equal length without null.
 *
 * @throws OptionError for an application that CapFrameX cannot show, and for more than a million frames
 */
export function capframexJson(
  rows: readonly LatencyRow[],
  { application, createdAt, comment, host, sensors }: CapframexJsonMeta,
  frameTime: FrameTime = 'latency',
): string {
  const name = checkedApplication(application);
  if (rows.length > maxFrames) {
    throw new OptionError({ option: 'rows', value: rows.length, allowed: `${maxFrames.toLocaleString('en')} at most` });
  }
  const captured = captureData(rows, frameTime);
  const measured = sensorData(rows, sensors);
  const run = { PresentMonRuntime: 'Other', CaptureData: captured, ...measured.data };
  const hash = createHash('sha256')
    .update(JSON.stringify([name, createdAt, run]))
    .digest('hex');
  const info = {
    Id: guid(hash),
    ...hostInfo(host),
    GameName: name,
    ProcessName: name,
    CreationDate: new Date(createdAt).toISOString(),
    Comment: [comment, ...measured.notes].join('; '),
  };
  return JSON.stringify({ Hash: hash, Info: info, Runs: [{ Hash: hash, ...run }] });
}

function captureData(rows: readonly LatencyRow[], frameTime: FrameTime) {
  const startNs = rows[0]?.timeNs ?? 0;
  const cadence = rows.map(({ timeNs }, at) => (timeNs - (rows[at - 1]?.timeNs ?? timeNs)) / nsPerMs);
  const latency = rows.map(({ latencyMs }) => latencyMs);
  const all = <Value>(value: Value) => rows.map(() => value);
  return {
    TimeInSeconds: rows.map(({ timeNs }) => (timeNs - startNs) / 1e9),
    MsBetweenPresents: frameTime === 'latency' ? latency : cadence,
    MsInPresentAPI: all(0),
    MsBetweenDisplayChange: cadence,
    MsUntilRenderComplete: latency,
    MsUntilDisplayed: latency,
    // Ticks of 100 ns, the unit of QueryPerformanceCounter on most machines.
    QPCTime: rows.map(({ timeNs }) => Math.round(timeNs / 100)),
    PresentMode: all(0),
    AllowsTearing: all(0),
    SyncInterval: all(0),
    Dropped: all(false),
    PcLatency: latency,
    AnimationError: all(0),
    GpuActive: all(0),
    CpuActive: all(0),
  };
}

/** The lists of power and the map of sensors. What could not be brought to common times is stated in the notes. */
function sensorData(rows: readonly LatencyRow[], sensors: readonly SensorSeries[]) {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined || sensors.length === 0) return { data: {}, notes: [] };
  const grid = sensorGrid(sensors, first.timeNs, last.timeNs);
  const missing = grid.leftOut.map(({ source, key }) => `${source} ${key}`);
  const notes = missing.length === 0 ? [] : [`without ${missing.slice(0, 20).join(', ')}: too few samples`];
  if (grid.series.length === 0 || grid.timesNs.length === 0) return { data: {}, notes };
  const timeValues = grid.timesNs.map((timeNs) => (timeNs - first.timeNs) / 1e9);
  const between = timeValues.map((value, at) => (at === 0 ? 0 : value - (timeValues[at - 1] ?? value)));
  const series = grid.series.map(({ of, values }) => {
    const { name, type, factor } = sensorLabel(of);
    return [
      `/${of.source}/${of.key}`,
      { Name: name, Type: type, Values: values.map((each) => each * factor) },
    ] as const;
  });
  const data = {
    SensorData2: Object.fromEntries([
      ['MeasureTime', { Name: 'MeasureTime', Type: 'Time', Values: timeValues }],
      ['BetweenMeasureTime', { Name: 'BetweenMeasureTime', Type: 'Time', Values: between }],
      ...series,
    ]),
    ...pmdPower(grid),
  };
  return { data, notes: [...notes, rateNote(sensors)] };
}

/** Rails that feed the processor and the graphics card, by the names of BENCHLAB. */
const cpuRail = /^EPS\d/i;
const gpuRail = /^(?:PCIE|HPWR|12VHPWR)\d?/i;
const powerKey = /^(?:p_|power\.)?(.+?)(?:[._](?:power|power_w|w))?$/i;

/** Evenly spaced lists of power. A time with a gap would move what comes after it: then there are none. */
function pmdPower({ timesNs, intervalNs, series }: SensorGrid) {
  const [first = 0, last = 0] = [timesNs[0], timesNs.at(-1)];
  if (Math.round((last - first) / intervalNs) + 1 !== timesNs.length) return {};
  const power = series.filter(({ of }) => of.source.startsWith('benchlab') && sensorLabel(of).type === 'Power');
  const rail = ({ of }: (typeof power)[number]) => powerKey.exec(of.key)?.[1] ?? '';
  const sum = (wanted: RegExp) => {
    const rails = power.filter((each) => wanted.test(rail(each)));
    return rails.length === 0
      ? []
      : timesNs.map((_, at) => rails.reduce((all, { values }) => all + (values[at] ?? 0), 0));
  };
  const lists = {
    PmdGpuPower: sum(gpuRail),
    PmdCpuPower: sum(cpuRail),
    PmdSystemPower: sum(/^(?:sys|system|total)$/i),
  };
  const isEmpty = Object.values(lists).every((list) => list.length === 0);
  return isEmpty ? {} : { ...lists, SampleTime: Math.round(intervalNs / nsPerMs) };
}

function rateNote(sensors: readonly SensorSeries[]): string {
  const counts = new Map(sensors.map(({ source, timesNs }) => [source, timesNs.length]));
  const measured = [...counts].map(([source, count]) => `${source} ${count} samples`).join(', ');
  return `sensors are between their samples by straight lines (${measured})`;
}

function hostInfo({ processor, memoryBytes, kernel, board, gpus = [], driver }: SessionHost) {
  return {
    ...(processor === undefined ? {} : { Processor: processor }),
    ...(board === undefined ? {} : { Motherboard: board }),
    ...(kernel === undefined ? {} : { OS: kernel }),
    ...(memoryBytes === undefined ? {} : { SystemRam: `${Math.round(memoryBytes / 2 ** 30)} GB` }),
    ...(driver === undefined ? {} : { GPUDriverVersion: driver }),
    ...(gpus.length === 0 ? {} : { GPU: gpus.join(', '), GPUCount: gpus.length }),
  };
}

/** A GUID of version 8 (RFC 9562), which is made of a hash. */
function guid(hash: string): string {
  const variant = '89ab'[Number.parseInt(hash[16] ?? '0', 16) & 3];
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
