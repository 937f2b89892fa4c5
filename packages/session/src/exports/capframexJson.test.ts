import { describe, expect, it, test } from 'vitest';
import type { SensorSeries } from '../sensors/sensorSeries.ts';
import { capframexJson } from './capframexJson.ts';
import { capframexJsonProblems } from './capframexJsonProblems.ts';
import { sixtyHertz } from './rows.suite.ts';

const series = (source: string, key: string, value: number, timesMs: readonly number[]): SensorSeries => ({
  source,
  key,
  timesNs: timesMs.map((ms) => 1e9 + ms * 1e6),
  values: timesMs.map(() => value),
  simulated: false,
});
const times = Array.from({ length: 60 }, (_, k) => k * 50 - 200);
const sensors = [
  series('benchlab.usb', 'p_sys', 240, times),
  series('benchlab.usb', 'power.EPS1.power', 60, times),
  series('benchlab.usb', 'power.PCIE8_1.power', 90, times),
  series('benchlab.usb', 'temp_c', 41, times),
  series('gpu.nvml', 'power_w', 100, times),
  series('gpu.nvml', 'gpu_mem_used', 16e9, times),
];
const meta = {
  application: 'game.exe',
  createdAt: Date.UTC(2026, 10, 22, 4, 0, 0),
  comment: 'in to out; simulated: false',
  host: { processor: 'A CPU', gpus: ['A GPU'], memoryBytes: 64 * 2 ** 30 },
  sensors,
};
const keys = sensors.map(({ source, key }) => `/${source}/${key}`);

test('a record has the frames, the host, and each sensor with as many values as there are times', () => {
  const json = capframexJson(sixtyHertz(60), meta);
  const { Hash, Info, Runs } = JSON.parse(json);

  expect(capframexJsonProblems(json, keys)).toEqual([]);
  expect(Info).toMatchObject({
    GameName: 'game.exe',
    CreationDate: '2026-11-22T04:00:00.000Z',
    GPU: 'A GPU',
    GPUCount: 1,
  });
  expect(Hash).toMatch(/^[0-9a-f]{64}$/);
  const [run] = Runs;
  expect(run.CaptureData.MsBetweenPresents.slice(0, 2)).toEqual([10.5, 10.5]);
  expect(run.CaptureData.MsBetweenDisplayChange[1]).toBeCloseTo(16.667, 6);
  expect(run.SampleTime).toBe(50);
  expect(run.PmdSystemPower).toEqual(Array(20).fill(240));
  expect([run.PmdCpuPower[0], run.PmdGpuPower[0]]).toEqual([60, 90]);
  expect(run.SensorData2['/gpu.nvml/power_w']).toMatchObject({ Name: 'GPU Power (gpu.nvml power_w)', Type: 'Power' });
  expect(run.SensorData2['/gpu.nvml/gpu_mem_used'].Values[0]).toBeCloseTo(16, 9);
  expect(run.SensorData2.MeasureTime.Values.slice(0, 3)).toEqual([0, 0.05, 0.1]);
});

test('the same session gives the same hash and id, another one another', () => {
  const id = (frames: number) => {
    const { Hash, Info } = JSON.parse(capframexJson(sixtyHertz(frames), meta));
    return `${Hash} ${Info.Id}`;
  };

  expect(id(60)).toBe(id(60));
  expect(id(61)).not.toBe(id(60));
});

test('a sensor without values for a tenth of the time is left out, and the comment states it', () => {
  const short = series('gpu.nvml', 'temp_c', 50, times.slice(0, 10));
  const json = capframexJson(sixtyHertz(60), { ...meta, sensors: [...sensors, short] });

  expect(JSON.parse(json).Info.Comment).toContain('without gpu.nvml temp_c: too few samples');
  expect(capframexJsonProblems(json, keys)).toEqual([]);
});

test('across a gap there are no evenly spaced lists of power, and no invented value', () => {
  const long = Array.from({ length: 200 }, (_, k) => k * 50 - 200);
  const gap = long.filter((ms) => ms < 500 || ms > 1_000);
  const json = capframexJson(sixtyHertz(400), { ...meta, sensors: [series('benchlab.usb', 'p_sys', 240, gap)] });
  const [run] = JSON.parse(json).Runs;

  expect(run).not.toHaveProperty('PmdSystemPower');
  expect(run.SensorData2['/benchlab.usb/p_sys'].Values).toHaveLength(123);
  expect(capframexJsonProblems(json)).toEqual([]);
});

test('a session without sensors has no lists of them', () => {
  const json = capframexJson(sixtyHertz(60), { ...meta, sensors: [] });

  expect(JSON.parse(json).Runs[0]).not.toHaveProperty('SensorData2');
  expect(capframexJsonProblems(json)).toEqual([]);
});

describe('what CapFrameX would not import', () => {
  const good = JSON.parse(capframexJson(sixtyHertz(60), meta));
  const changed = (change: (record: typeof good) => void) => {
    const copy = structuredClone(good);
    change(copy);
    return JSON.stringify(copy);
  };

  it.each<[string, (record: typeof good) => void, RegExp]>([
    ['no hash', (record) => delete record.Hash, /no Hash/],
    ['an id that is not a GUID', (record) => (record.Info.Id = '7'), /not a GUID/],
    ['a version in words', (record) => (record.Info.AppVersion = 'new'), /AppVersion/],
    ['no date', (record) => delete record.Info.CreationDate, /no CreationDate/],
    ['a null in a list', (record) => (record.Runs[0].CaptureData.GpuActive[3] = null), /GpuActive holds null/],
    ['a short list', (record) => record.Runs[0].CaptureData.QPCTime.pop(), /QPCTime has 59 values/],
    ['a missing list', (record) => delete record.Runs[0].CaptureData.PcLatency, /no list PcLatency/],
    ['drops as numbers', (record) => record.Runs[0].CaptureData.Dropped.fill(0), /Dropped holds null or another/],
    ['no time of sensors', (record) => delete record.Runs[0].SensorData2.BetweenMeasureTime, /no BetweenMeasureTime/],
    [
      'a short sensor',
      (record) => record.Runs[0].SensorData2['/benchlab.usb/temp_c'].Values.pop(),
      /temp_c has not as many values/,
    ],
    ['a rail that is missing', (record) => delete record.Runs[0].SensorData2[keys[1] ?? ''], /EPS1.power is missing/],
    ['no interval of power', (record) => delete record.Runs[0].SampleTime, /no SampleTime/],
    ['no run', (record) => record.Runs.pop(), /no run/],
  ])('%s', (_, change, problem) => {
    expect(capframexJsonProblems(changed(change), keys)).toEqual([expect.stringMatching(problem)]);
  });

  it.each(['', '[]', '{"Hash":', 'null'])('%j', (json) => {
    expect(capframexJsonProblems(json)).toEqual(['it is not a JSON object']);
  });
});
