import { isObject } from '@benchlab-otel/core';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The lists of CaptureData, and what each holds. */
const lists: Readonly<Record<string, 'number' | 'boolean'>> = {
  TimeInSeconds: 'number',
  MsBetweenPresents: 'number',
  MsInPresentAPI: 'number',
  MsBetweenDisplayChange: 'number',
  MsUntilRenderComplete: 'number',
  MsUntilDisplayed: 'number',
  QPCTime: 'number',
  PresentMode: 'number',
  AllowsTearing: 'number',
  SyncInterval: 'number',
  Dropped: 'boolean',
  PcLatency: 'number',
  AnimationError: 'number',
  GpuActive: 'number',
  CpuActive: 'number',
};
const powerLists = ['PmdGpuPower', 'PmdCpuPower', 'PmdSystemPower'];

/**
 * What would keep CapFrameX from importing a record, or hide a part of it. Sources: CXWorld/CapFrameX,
 * source/CapFrameX.Data.Session/Classes (commit 3ba66ff5). Empty: it imports.
 *
 * @param sensors keys of `SensorData2` that must be there: `/benchlab.usb/p_sys`
 */
export function capframexJsonProblems(json: string, sensors: readonly string[] = []): readonly string[] {
  const record = parsed(json);
  if (!isObject(record)) return ['it is not a JSON object'];
  const { Hash, Info, Runs } = record;
  const runs = Array.isArray(Runs) ? Runs : [];
  return [
    ...(typeof Hash === 'string' && Hash !== '' ? [] : ['no Hash: another record without one would hide it']),
    ...infoProblems(Info),
    ...(runs.length > 0 ? [] : ['no run']),
    ...runs.flatMap((run: unknown, at) => runProblems(run, sensors).map((problem) => `run ${at + 1}: ${problem}`)),
  ];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

function infoProblems(info: unknown): readonly string[] {
  if (!isObject(info)) return ['no Info'];
  const { Id, AppVersion, CreationDate } = info;
  return [
    ...(typeof Id === 'string' && guid.test(Id) ? [] : ['the Id is not a GUID: the file is refused']),
    ...(AppVersion === undefined || /^\d+(?:\.\d+){1,3}$/.test(String(AppVersion))
      ? []
      : ['AppVersion is not a version: the file is refused']),
    ...(typeof CreationDate === 'string' && !Number.isNaN(Date.parse(CreationDate)) ? [] : ['no CreationDate']),
  ];
}

function runProblems(run: unknown, sensors: readonly string[]): readonly string[] {
  if (!isObject(run) || !isObject(run.CaptureData)) return ['no CaptureData'];
  const { CaptureData: data } = run;
  const count = Array.isArray(data.TimeInSeconds) ? data.TimeInSeconds.length : 0;
  const wrong = Object.entries(lists).flatMap(([name, type]) => listProblems(name, data[name], type, count));
  return [
    ...(count > 0 ? [] : ['no frames']),
    ...wrong,
    ...powerProblems(run),
    ...sensorProblems(run.SensorData2, sensors),
  ];
}

function listProblems(name: string, list: unknown, type: 'number' | 'boolean', count: number): readonly string[] {
  if (!Array.isArray(list)) return [`no list ${name}`];
  const isGood = (value: unknown) => typeof value === type && (type === 'boolean' || Number.isFinite(value));
  return [
    ...(list.length === count ? [] : [`${name} has ${list.length} values, and there are ${count} frames`]),
    ...(list.every(isGood) ? [] : [`${name} holds null or another value than a ${type}: the file is refused`]),
  ];
}

function powerProblems(run: Readonly<Record<string, unknown>>): readonly string[] {
  const there = powerLists.flatMap((name) => {
    const list = run[name];
    return Array.isArray(list) && list.length > 0 ? [{ name, list }] : [];
  });
  if (there.length === 0) return [];
  const isTime = Number.isInteger(run.SampleTime) && Number(run.SampleTime) > 0;
  return [
    ...(isTime ? [] : ['the lists of power have no SampleTime']),
    ...(isObject(run.SensorData2) ? [] : ['the lists of power are not shown without SensorData2']),
    ...there.filter(({ list }) => !list.every(Number.isFinite)).map(({ name }) => `${name} holds null or a text`),
  ];
}

function sensorProblems(data: unknown, wanted: readonly string[]): readonly string[] {
  if (data === undefined) return wanted.length === 0 ? [] : ['no SensorData2'];
  if (!isObject(data)) return ['SensorData2 is not a map'];
  const count = valuesOf(data.MeasureTime)?.length;
  const noTime = ['MeasureTime', 'BetweenMeasureTime'].filter((name) => valuesOf(data[name]) === undefined);
  const uneven = Object.entries(data).filter(([, each]) => valuesOf(each)?.length !== count);
  const missing = wanted.filter((key) => !Object.hasOwn(data, key));
  return [
    ...noTime.map((name) => `SensorData2 has no ${name}`),
    ...uneven.map(([key]) => `the sensor ${key} has not as many values as MeasureTime`),
    ...missing.map((key) => `the sensor ${key} is missing`),
  ];
}

function valuesOf(series: unknown): readonly unknown[] | undefined {
  if (!isObject(series) || !Array.isArray(series.Values) || !series.Values.every(Number.isFinite)) return undefined;
  return typeof series.Name === 'string' && typeof series.Type === 'string' ? series.Values : undefined;
}
