import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import type { PollReport, Sample, SourceLoss } from '@benchlab-otel/core';
import { type NvmlReceiverOptions, nvmlReceiver } from '@benchlab-otel/hw-receivers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stackFolder } from '../../scripts/stack-parts.mjs';
import { systemProgram } from '../../scripts/stack-system.mjs';
import { until } from './process.ts';

// The in-memory twin takes the same typed arrays as the receiver and could share its mistakes about layouts. This is a
// real shared library, compiled by a C compiler from structures of its own, called through the real worker thread.

const source = fileURLToPath(new URL('./nvml/fake_nvml.c', import.meta.url));
const wedgedProgram = fileURLToPath(new URL('./nvml/wedged.mjs', import.meta.url));
const library = join(stackFolder, 'fake-nvml/libnvidia-ml.so.1');

const folder = mkdtempSync(join(tmpdir(), 'benchlab-nvml-'));
const control = join(folder, 'control');
/** The library reads the file at any time: it changes at once, or not at all. */
function steer(...lines: readonly string[]): void {
  writeFileSync(`${control}.new`, lines.map((line) => `${line}\n`).join(''));
  renameSync(`${control}.new`, control);
}

beforeAll(() => {
  process.env.FAKE_NVML_CONTROL = control;
  mkdirSync(join(library, '..'), { recursive: true });
  if (existsSync(library) && statSync(library).mtimeMs > statSync(source).mtimeMs) return;
  execFileSync(
    systemProgram('gcc'),
    ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror', '-o', library, source],
    {
      stdio: 'pipe',
    },
  );
});
afterAll(() => {
  delete process.env.FAKE_NVML_CONTROL;
  rmSync(folder, { recursive: true });
});

class Heard {
  readonly samples: Sample[] = [];
  readonly losses: SourceLoss[] = [];
  readonly reports: PollReport[] = [];
  sample = (sample: Sample) => void this.samples.push(sample);
  lost = (loss: SourceLoss) => void this.losses.push(loss);
  polled = (report: PollReport) => void this.reports.push(report);

  latest(uuid: string): Sample | undefined {
    return this.samples.findLast((sample) => sample.source.id === uuid);
  }

  value(uuid: string, name: string, attributes: Record<string, unknown> = {}): number | undefined {
    return this.latest(uuid)?.readings.find(
      ({ sensor }) =>
        sensor.metric.name === name && Object.entries(attributes).every(([key, is]) => sensor.attributes[key] === is),
    )?.value;
  }
}

const [full, geforce, partitioned, lying] = [
  'GPU-00000000-full',
  'GPU-11111111-geforce',
  'GPU-22222222-partitioned',
  'GPU-33333333-lying',
] as const;

let heard: Heard;
let stop: () => Promise<void>;
beforeEach(() => {
  heard = new Heard();
});
afterEach(() => stop());

async function start(options: NvmlReceiverOptions = {}): Promise<void> {
  const receiver = nvmlReceiver({ library, smi: false, rateHz: 20, ...options });
  stop = () => receiver.stop();
  await receiver.start(heard);
  await until('a first poll', () => heard.reports.length > 0);
}

describe('a library with the binary interface of NVML', () => {
  test('every value comes through its structure with the unit that it has', async () => {
    steer('gpus 1');
    await start({ pcieThroughput: true, processes: true });
    const value = (name: string, attributes?: Record<string, unknown>) => heard.value(full, name, attributes);
    expect(heard.latest(full)).toMatchObject({
      source: {
        name: 'Full GPU',
        boundary: 'gpu_board',
        attributes: {
          'hw.serial_number': '1650123456789',
          'hw.driver_version': '580.99.01',
          'hw.firmware_version': '96.00.A5.00.01',
          'benchlab.port': '00000000:01:00.0',
        },
      },
      totals: { gpu: 305.5 },
    });
    expect(value('hw.power')).toBe(300.123);
    expect(value('benchlab.gpu.power.instant')).toBe(305.5);
    expect(value('benchlab.gpu.power.limit')).toBe(700);
    expect(value('hw.energy')).toBe(0x123456789ab / 1000);
    expect(value('hw.gpu.utilization', { 'hw.gpu.task': 'general' })).toBe(0.87);
    expect(value('hw.gpu.utilization', { 'hw.gpu.task': 'encoder' })).toBe(0.31);
    expect(value('hw.gpu.utilization', { 'hw.gpu.task': 'decoder' })).toBe(0.32);
    expect(value('hw.gpu.memory.limit')).toBe(143771 * 2 ** 20);
    expect(value('hw.gpu.memory.usage')).toBe(70000 * 2 ** 16);
    expect(value('hw.temperature', { 'hw.sensor_location': 'gpu' })).toBe(-7);
    expect(value('hw.temperature', { 'hw.sensor_location': 'memory' })).toBe(77);
    expect(value('hw.temperature.limit', { 'hw.limit_type': 'high.critical' })).toBe(95);
    expect(value('hw.temperature.limit', { 'hw.limit_type': 'throttled' })).toBe(94);
    expect(value('benchlab.gpu.clock', { 'benchlab.gpu.clock': 'video' })).toBe(1004e6);
    expect(value('benchlab.gpu.clock.limit', { 'benchlab.gpu.clock': 'graphics' })).toBe(2001e6);
    expect(value('benchlab.gpu.clock.event', { 'benchlab.gpu.clock.reason': 'software_power_cap' })).toBe(1);
    expect(value('benchlab.gpu.clock.event', { 'benchlab.gpu.clock.reason': 'hardware_thermal' })).toBe(1);
    expect(value('benchlab.gpu.clock.event', { 'benchlab.gpu.clock.reason': 'idle' })).toBe(0);
    expect(value('benchlab.gpu.pcie.throughput', { 'network.io.direction': 'transmit' })).toBe(111_000);
    expect(value('benchlab.gpu.pcie.link.generation')).toBe(5);
    expect(value('benchlab.gpu.pcie.link.width')).toBe(16);
    expect(value('benchlab.gpu.pcie.replays')).toBe(3);
    expect(value('hw.errors', { 'error.type': 'ecc_corrected' })).toBe(5);
    expect(value('hw.errors', { 'error.type': 'ecc_uncorrected' })).toBe(1);
    expect(value('benchlab.gpu.processes')).toBe(2);
    expect(value('benchlab.gpu.process.memory', { 'process.pid': 4242 })).toBe(5 * 2 ** 30);
    expect(value('benchlab.gpu.process.memory', { 'process.pid': 4243 })).toBeUndefined();
    const busy = (pid: number, task: string) =>
      value('benchlab.gpu.process.utilization', { 'process.pid': pid, 'hw.gpu.task': task });
    // Of the first poll nothing: what the driver gave was of any age.
    const names = heard.samples[0]?.readings.map(({ sensor }) => sensor.metric.name);
    expect(names).not.toContain('benchlab.gpu.process.utilization');
    await until('a second of usage', () => busy(4242, 'general') !== undefined);
    expect(['general', 'encoder', 'decoder'].map((task) => busy(4242, task))).toEqual([0.61, 0.62, 0.63]);
    expect(['general', 'encoder', 'decoder'].map((task) => busy(4243, task))).toEqual([0.64, undefined, 0]);
    expect(value('benchlab.readings.rejected', { 'error.type': 'implausible' })).toBeGreaterThan(0);
    expect(value('hw.fan.speed')).toBeUndefined();
  });

  test('several GPUs each have what they support: older calls, fans, instances; and lies are dropped', async () => {
    steer('gpus 4');
    await start();
    await until('four GPUs', () => new Set(heard.samples.map((sample) => sample.source.id)).size === 4);
    expect(heard.value(geforce, 'hw.temperature')).toBe(63);
    expect(heard.value(geforce, 'hw.gpu.memory.usage')).toBe(6 * 2 ** 30);
    expect(heard.value(geforce, 'hw.energy')).toBeUndefined();
    expect(heard.latest(geforce)?.readings.find(({ sensor }) => sensor.energyMetric)?.value).toBe(300.124);
    expect(heard.value(geforce, 'hw.fan.speed_ratio', { 'hw.sensor_location': 'fan1' })).toBe(1.05);
    expect(heard.value(geforce, 'hw.fan.speed', { 'hw.sensor_location': 'fan1' })).toBe(1501);
    expect(heard.value(partitioned, 'hw.gpu.memory.limit', { 'hw.id': 'MIG-bbbbbbbb' })).toBe(20 * 2 ** 30);
    expect(heard.value(partitioned, 'hw.power')).toBe(300.125);
    expect(heard.value(partitioned, 'hw.gpu.utilization', { 'hw.gpu.task': 'general' })).toBeUndefined();
    for (const name of ['hw.power', 'hw.energy', 'hw.temperature', 'hw.gpu.memory.usage', 'hw.gpu.memory.limit']) {
      expect(heard.value(lying, name), name).toBeUndefined();
    }
    expect(heard.value(lying, 'benchlab.readings.rejected', { 'error.type': 'implausible' })).toBeGreaterThanOrEqual(6);
    expect(heard.reports.at(-1)).toMatchObject({ outcome: 'partial' });
  });

  test('a GPU that is lost ends, the other goes on, and it comes back under another index', async () => {
    steer('gpus 2');
    await start();
    await until('two GPUs', () => heard.latest(full) && heard.latest(geforce));
    steer('gpus 2', 'lost 0');
    await until('the loss', () => heard.losses.length > 0);
    expect(heard.losses[0]?.source.id).toBe(full);
    const before = heard.samples.length;
    await until('samples of the other', () => heard.samples.length > before + 3);
    expect(heard.samples.slice(before).every((sample) => sample.source.id === geforce)).toBe(true);
    steer('gpus 2', 'order REVERSED');
    const back = heard.samples.length;
    await until('its return', () => heard.samples.slice(back).some((sample) => sample.source.id === full));
    expect(heard.losses).toHaveLength(1);
  });

  test('a GPU that is away for thirty polls comes back', async () => {
    steer('gpus 2');
    await start();
    await until('two GPUs', () => heard.latest(full) && heard.latest(geforce));
    steer('gpus 1', 'lost 1');
    await until('the loss', () => heard.losses.length > 0);
    const lostAt = heard.reports.length;
    await until('polls without it', () => heard.reports.length >= lostAt + 30);
    const away = heard.samples.length;
    steer('gpus 2');
    await until('its return', () => heard.samples.slice(away).some((sample) => sample.source.id === geforce), 10_000);
  });

  test('a driver that forgets its clients is initialised again', async () => {
    steer('gpus 1', 'code nvmlDeviceGetPowerUsage 1');
    await start();
    expect(heard.reports[0]).toMatchObject({ outcome: 'failure', error: { code: 'DEVICE_LOST' } });
    steer('gpus 1');
    await until('a sample', () => heard.samples.length > 0);
  });

  test('no GPU, no permission and a library of another version are each said in words', async () => {
    steer('gpus 0');
    await start();
    expect(heard.reports[0]).toMatchObject({ outcome: 'no_data', error: { code: 'NO_DEVICE' } });
    for (const [code, name] of [
      [4, 'NO_PERMISSION'],
      [18, 'UNSUPPORTED'],
    ] as const) {
      await stop();
      heard = new Heard();
      steer(`code nvmlInit_v2 ${code}`);
      await start();
      expect(heard.reports[0]).toMatchObject({ outcome: 'failure', error: { code: name } });
    }
  });

  test('a call that hangs is given up; when the driver works again, so does the receiver', async () => {
    steer('gpus 1');
    await start();
    const beats: number[] = [];
    const beat = setInterval(() => beats.push(performance.now()), 20);
    steer('gpus 1', 'wedge nvmlDeviceGetPowerUsage');
    await until('the watchdog', () => heard.reports.some(({ error }) => error?.code === 'TIMEOUT'), 15_000);
    clearInterval(beat);
    const gaps = beats.slice(1).map((time, index) => time - (beats[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(1000);
    steer('gpus 1');
    const before = heard.samples.length;
    await until('samples', () => heard.samples.length > before + 3);
    expect(heard.losses).toEqual([]);
  });

  test('an application whose driver hangs for ever stops in time, and ends with its own exit code', async () => {
    steer('gpus 1', 'wedge nvmlDeviceGetPowerUsage');
    stop = async () => undefined;
    const child = spawn(process.execPath, [wedgedProgram, library], { stdio: ['ignore', 'pipe', 'inherit'] });
    const limit = setTimeout(() => child.kill('SIGKILL'), 20_000);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    const code = await new Promise((resolve) => child.once('close', (exit, signal) => resolve(exit ?? signal)));
    clearTimeout(limit);
    const [said = '{}', ...listeners] = output.trimEnd().split('\n');
    expect({ code, listeners }).toEqual({ code: 7, listeners: ['first listener', 'last listener'] });
    const { ticks, code: error, stopMs } = JSON.parse(said);
    expect(error).toBe('TIMEOUT');
    expect(ticks).toBeGreaterThan(60);
    expect(stopMs).toBeLessThan(2000);
  });

  test('reading four GPUs ten times a second costs little of the main thread', async () => {
    steer('gpus 4');
    await start({ rateHz: 10 });
    // The start of the worker misses ticks, which the first report counts.
    const from = heard.reports.length;
    const [cpuBefore, before] = [mainThreadCpuMs(), performance.now()];
    await until('20 polls', () => heard.reports.length >= from + 20);
    const utilization = (mainThreadCpuMs() - cpuBefore) / (performance.now() - before);
    console.log(`main thread busy: ${(utilization * 100).toFixed(2)} %`);
    expect(utilization).toBeLessThan(0.1);
    expect(heard.reports.slice(from).reduce((sum, { missed }) => sum + missed, 0)).toBeLessThan(3);
  });
});

/** The CPU time of the thread that tests run in: unlike the time that it was busy, it does not grow with the load of others. */
function mainThreadCpuMs(): number {
  expect(isMainThread).toBe(true);
  // The first field of schedstat, ns (Linux, Documentation/scheduler/sched-stats.rst); the main thread has the id of the process.
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}
