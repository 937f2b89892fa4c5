import { BenchlabError, type MetricDefinition, metric, SampleMetrics } from '@benchlab-otel/core';
import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { expect, test } from 'vitest';
import { card, FakeNvml } from '../testing/fakeNvml.suite.ts';
import type { NvmlArgument } from './functions.ts';
import { GpuReader } from './gpuReader.ts';
import { type NvmlReceiverOptions, nvmlReceiver } from './receiver.ts';
import type { RunSmi } from './smi.ts';

const noSmi: RunSmi = async () => {
  throw new BenchlabError('NO_REPLY', 'nvidia-smi: not found.', 'Check the NVIDIA driver.');
};

function setUp(nvml: FakeNvml, options: NvmlReceiverOptions = {}, smi: RunSmi = noSmi) {
  const [clock, consumer] = [new ManualClock(), new Collected()];
  nvml.nowNs = () => clock.nowNs();
  const asked: number[] = [];
  const run: RunSmi = (args, signal) => {
    asked.push((clock.nowNs() - 1e9) / 1e9);
    return smi(args, signal);
  };
  const receiver = nvmlReceiver({ clock, ...options }, { startWorker: nvml.startWorker, smi: () => run });
  const value = (name: string, more: Record<string, unknown> = {}, uuid = 'GPU-a') =>
    consumer.samples
      .findLast(({ source }) => source.id === uuid)
      ?.readings.find(
        ({ sensor }) =>
          sensor.metric.name === name && Object.entries(more).every(([key, is]) => sensor.attributes[key] === is),
      )?.value;
  return { clock, consumer, receiver, value, asked };
}

test.each([
  [{ rateHz: 0 }, 'rateHz'],
  [{ rateHz: 21 }, 'rateHz'],
  [{ library: '' }, 'library'],
  [{ smi: '' }, 'smi'],
])('%o is refused with the name of the option when the receiver is made', (options, name) => {
  expect(() => nvmlReceiver(options)).toThrow(name);
});

test.each([
  ['GA102 (8.6)', [8, 6], {}, { kind: 'mean', seconds: 1 }],
  ['Hopper (9.0)', [9, 0], {}, { kind: 'mean', seconds: 1 }],
  ['GA100 (8.0)', [8, 0], {}, undefined],
  ['Turing (7.5)', [7, 5], {}, undefined],
  ['a GPU of unknown architecture', undefined, {}, undefined],
  ['Hopper, whose total is the instant power', [9, 0], { nvmlDeviceGetFieldValues: instant(80_000) }, undefined],
] as const)('the power of %s states its aperture on the source, or none', async (_, capability, more, aperture) => {
  const named = capability && { nvmlDeviceGetCudaComputeCapability: both(capability) };
  const { clock, consumer, receiver } = setUp(new FakeNvml(card('GPU-a', { ...named, ...more })));
  await receiver.start(consumer);
  await clock.advanceMs(150);
  await receiver.stop();
  expect(consumer.samples[0]?.source.aperture).toEqual(aperture);
});

test('the power total stays the value that it was at first, also in a poll without it', async () => {
  let milliwatts: number | undefined = 80_000;
  const fields = (values: readonly NvmlArgument[]) =>
    milliwatts === undefined ? { code: 999 } : instant(milliwatts)(values);
  const named = { nvmlDeviceGetCudaComputeCapability: both([8, 9]), nvmlDeviceGetFieldValues: fields };
  const { clock, consumer, receiver } = setUp(new FakeNvml(card('GPU-a', named)));
  await receiver.start(consumer);
  await clock.advanceMs(150);
  milliwatts = undefined;
  await clock.advanceMs(100);
  milliwatts = 81_000;
  await clock.advanceMs(100);
  expect(consumer.samples.map(({ totals }) => totals?.gpu)).toEqual([80, 80, undefined, 81]);
  // While it is away for longer, the mean takes its place, as another source object.
  milliwatts = undefined;
  await clock.advanceMs(1100);
  const [first, meanwhile] = [consumer.samples[0], consumer.samples.at(-1)];
  expect(meanwhile?.totals).toEqual({ gpu: 71.5 });
  expect(meanwhile?.source.id).toBe(first?.source.id);
  expect([first?.source.aperture, meanwhile?.source.aperture]).toEqual([undefined, { kind: 'mean', seconds: 1 }]);
  milliwatts = 82_000;
  await clock.advanceMs(3000);
  await receiver.stop();
  const last = consumer.samples.at(-1);
  expect(last?.totals).toEqual({ gpu: 82 });
  expect([last?.source.id, last?.source.aperture]).toEqual([first?.source.id, undefined]);
});

/** The answer to two out parameters of one number each. */
function both([first, second]: readonly [number, number]) {
  return ([, , out]: readonly NvmlArgument[]) => {
    if (out instanceof Uint32Array) out[0] = second;
    return first;
  };
}

/** nvmlDeviceGetFieldValues of a GPU that has the field "instant power" only. */
function instant(milliwatts: number) {
  return ([, , records]: readonly NvmlArgument[]) => {
    const bytes = Uint8Array.from(records as Uint8Array);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < bytes.length; at += 40) {
      const isPower = view.getUint32(at, true) === 186;
      view.setUint32(at + 28, isPower ? 0 : 3, true);
      view.setUint32(at + 24, 1, true);
      view.setUint32(at + 32, milliwatts, true);
    }
    return [...bytes];
  };
}

test('a GPU is a source under its UUID, with a total of its own and readings in SI units', async () => {
  const { clock, consumer, receiver, value } = setUp(new FakeNvml(card('GPU-a')));
  await receiver.start(consumer);
  await clock.advanceMs(1050);
  await receiver.stop();
  expect(consumer.samples).toHaveLength(11);
  expect(consumer.reports.every(({ outcome }) => outcome === 'success')).toBe(true);
  const [sample] = consumer.samples;
  expect(sample?.source).toMatchObject({
    id: 'GPU-a',
    name: 'NVIDIA Test Card',
    boundary: 'gpu_board',
    simulated: false,
  });
  expect(sample?.totals).toEqual({ gpu: 71.5 });
  expect(value('hw.power')).toBe(71.5);
  expect(value('hw.energy')).toBe(9_007_199.254);
  expect(value('hw.gpu.utilization', { 'hw.gpu.task': 'general' })).toBe(0.42);
  expect(value('hw.gpu.memory.usage')).toBe(4 * 2 ** 30);
  expect(value('hw.gpu.memory.utilization')).toBeCloseTo(1 / 6, 12);
  expect(value('hw.temperature', { 'hw.sensor_location': 'gpu' })).toBe(61);
  expect(value('benchlab.gpu.clock', { 'benchlab.gpu.clock': 'memory' })).toBe(9.5e9);
  expect(value('benchlab.gpu.clock.event', { 'benchlab.gpu.clock.reason': 'software_thermal' })).toBe(1);
  expect(value('benchlab.gpu.clock.event', { 'benchlab.gpu.clock.reason': 'hardware_thermal' })).toBe(0);
  expect(value('benchlab.gpu.performance_state')).toBe(2);
});

test('every series is unique and has only the attributes that its metric declares', async () => {
  const { clock, consumer, receiver } = setUp(new FakeNvml(card('GPU-a'), card('GPU-b')), { processes: true });
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  const readings = consumer.samples.flatMap((sample) => sample.readings);
  const keys = readings.map(({ sensor }) => JSON.stringify([sensor.metric.name, sensor.attributes]));
  expect(new Set(keys).size).toBe(keys.length);
  for (const { sensor } of readings) {
    expect(sensor.metric.attributes).toEqual(expect.arrayContaining(Object.keys(sensor.attributes)));
  }
});

test('a GPU that counts no energy gets it by integration, and one that does is counted once', async () => {
  const energies = async (...gpus: ConstructorParameters<typeof FakeNvml>) => {
    const { clock, receiver } = setUp(new FakeNvml(...gpus));
    const metrics = new SampleMetrics({ clock });
    await receiver.start(metrics);
    await clock.advanceMs(1050);
    await receiver.stop();
    return metrics.collect(clock.nowNs()).find(({ definition }) => definition === metric.hwEnergy)?.points;
  };
  expect(await energies(card('GPU-a', { nvmlDeviceGetTotalEnergyConsumption: { code: 3 } }))).toMatchObject([
    { value: expect.closeTo(71.5, 6) },
  ]);
  expect(await energies(card('GPU-a'))).toMatchObject([{ value: 9_007_199.254 }]);
});

test('an energy counter that is not ready at first is waited for, and power is not counted twice or lost', async () => {
  let isReady = false;
  const energy = () => (isReady ? 5000n : { code: 27 });
  const { clock, receiver } = setUp(new FakeNvml(card('GPU-a', { nvmlDeviceGetTotalEnergyConsumption: energy })));
  const metrics = new SampleMetrics({ clock });
  const values = (definition: MetricDefinition) =>
    metrics
      .collect(clock.nowNs())
      .find((family) => family.definition === definition)
      ?.points.map(({ value }) => value);
  await receiver.start(metrics);
  await clock.advanceMs(250);
  expect([values(metric.hwEnergy), values(metric.hwPower)]).toEqual([undefined, [71.5]]);
  isReady = true;
  await clock.advanceMs(250);
  await receiver.stop();
  expect([values(metric.hwEnergy), values(metric.hwPower)]).toEqual([[5], [71.5]]);
  expect(values(metric.benchlabSampleDropped)).toEqual([0]);
});

test('from nvidia-smi to NVML no series is refused: each is a meter of its own', async () => {
  const nvml = new FakeNvml(card('GPU-a', { nvmlDeviceGetTotalEnergyConsumption: { code: 3 } }));
  nvml.codes.set('nvmlInit_v2', 12);
  const line = 'GPU-a, NVIDIA Test Card, 580.10, 37, 24576, 4096, 68.25, 450.00, 55, [N/A], 1740, 1740, 9501, 4, 16\n';
  const { clock, receiver } = setUp(nvml, {}, async () => ({ text: line, exitCode: 0 }));
  const metrics = new SampleMetrics({ clock });
  const points = (definition: MetricDefinition) =>
    metrics
      .collect(clock.nowNs())
      .find((family) => family.definition === definition)
      ?.points.map(({ value, attributes }) => [attributes['benchlab.meter'], value]);
  await receiver.start(metrics);
  await clock.advanceMs(8000);
  expect([points(metric.hwPower), points(metric.hwEnergy)]).toEqual([[['nvidia_smi', 68.25]], undefined]);
  nvml.codes.clear();
  await clock.advanceMs(60_000);
  await receiver.stop();
  expect(points(metric.hwPower)).toEqual([['nvml', 71.5]]);
  expect(points(metric.hwEnergy)).toEqual([['nvml', expect.any(Number)]]);
  expect(points(metric.benchlabSampleDropped)).toEqual([[undefined, 0]]);
});

test('a value that a device does not support is asked for once and absent, and other devices keep it', async () => {
  const nvml = new FakeNvml(card('GPU-a', { nvmlDeviceGetPowerUsage: { code: 3 } }), card('GPU-b'));
  const { clock, consumer, receiver, value } = setUp(nvml);
  await receiver.start(consumer);
  await clock.advanceMs(1050);
  await receiver.stop();
  expect(value('hw.power')).toBeUndefined();
  expect(value('hw.power', {}, 'GPU-b')).toBe(71.5);
  expect(nvml.calls.filter((name) => name === 'nvmlDeviceGetPowerUsage')).toHaveLength(1 + 11);
  expect(consumer.reports.every(({ outcome }) => outcome === 'success')).toBe(true);
});

test('a value that is not permitted is reported once, by name', async () => {
  const { clock, consumer, receiver } = setUp(new FakeNvml(card('GPU-a', { nvmlDeviceGetPowerUsage: { code: 4 } })));
  await receiver.start(consumer);
  await clock.advanceMs(350);
  await receiver.stop();
  expect(consumer.reports.map(({ outcome }) => outcome)).toEqual(['partial', 'success', 'success', 'success']);
  expect(consumer.reports[0]?.error).toMatchObject({
    code: 'NO_PERMISSION',
    message: expect.stringContaining('power'),
  });
});

test('a value that the driver has no sample for is left out of that poll, and counted', async () => {
  let code = 27;
  const power = () => (code === 0 ? 50_000 : { code });
  const { clock, consumer, receiver, value } = setUp(new FakeNvml(card('GPU-a', { nvmlDeviceGetPowerUsage: power })));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  expect([value('hw.power'), value('benchlab.readings.rejected', { 'error.type': 'no_sample' })]).toEqual([
    undefined,
    1,
  ]);
  code = 0;
  await clock.advanceMs(100);
  expect([value('hw.power'), value('benchlab.readings.rejected', { 'error.type': 'no_sample' })]).toEqual([50, 1]);
  await receiver.stop();
});

test('impossible values of a driver are dropped and counted', async () => {
  const lies = {
    nvmlDeviceGetUtilizationRates: [7_000, 0],
    nvmlDeviceGetMemoryInfo: () => 0xffff_ffff_ffff_ffffn,
    nvmlDeviceGetPowerUsage: 0xffff_ffff,
    nvmlDeviceGetTemperature: 1000,
    nvmlDeviceGetTotalEnergyConsumption: 0xffff_ffff_ffff_ffffn,
    nvmlDeviceGetPerformanceState: 32,
  };
  const { clock, consumer, receiver, value } = setUp(new FakeNvml(card('GPU-a', lies)));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  for (const name of [
    'hw.gpu.utilization',
    'hw.gpu.memory.limit',
    'hw.gpu.memory.usage',
    'hw.power',
    'hw.temperature',
    'hw.energy',
  ]) {
    expect(value(name), name).toBeUndefined();
  }
  expect(value('benchlab.gpu.performance_state')).toBeUndefined();
  expect(value('benchlab.readings.rejected', { 'error.type': 'implausible' })).toBe(6);
  expect(consumer.samples[0]).not.toHaveProperty('totals');
  expect(consumer.reports[0]).toMatchObject({ outcome: 'partial', error: { code: 'BAD_REPLY' } });
});

test('a GPU that is lost ends its series; the others are read; it is found again, even under another index', async () => {
  const [a, b] = [card('GPU-a'), card('GPU-b')];
  const nvml = new FakeNvml(a, b);
  const { clock, consumer, receiver } = setUp(nvml);
  await receiver.start(consumer);
  await clock.advanceMs(150);
  const source = consumer.samples[0]?.source;
  nvml.gpus[0] = {
    uuid: 'GPU-a',
    answers: Object.fromEntries(Object.keys(a.answers).map((name) => [name, { code: 15 }])),
  };
  await clock.advanceMs(500);
  expect(consumer.losses).toMatchObject([{ source: { id: 'GPU-a' }, error: { code: 'DEVICE_LOST' } }]);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'partial' });
  expect(consumer.samples.at(-1)?.source.id).toBe('GPU-b');
  nvml.gpus = [b, a];
  await clock.advanceMs(2000);
  await receiver.stop();
  expect(consumer.losses).toHaveLength(1);
  expect(consumer.samples.findLast((sample) => sample.source.id === 'GPU-a')?.source).toBe(source);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'success' });
});

test('a GPU that is away for long is looked for at growing intervals, while the others are read', async () => {
  const [a, b] = [card('GPU-a'), card('GPU-b')];
  const nvml = new FakeNvml(b, a);
  const { clock, consumer, receiver } = setUp(nvml);
  const opens = () => nvml.calls.filter((name) => name === 'nvmlInit_v2').length;
  await receiver.start(consumer);
  await clock.advanceMs(150);
  nvml.gpus = [b];
  await clock.advanceMs(600_000);
  expect(consumer.losses).toMatchObject([{ source: { id: 'GPU-a' } }]);
  expect(opens()).toBeGreaterThan(10);
  expect(opens()).toBeLessThan(20);
  expect(consumer.samples.filter(({ source }) => source.id === 'GPU-b').length).toBeGreaterThan(5990);
  nvml.gpus = [b, a];
  await clock.advanceMs(61_000);
  expect(consumer.samples.at(-1)?.source.id).toBe('GPU-a');
  const opensWhenBack = opens();
  await clock.advanceMs(120_000);
  await receiver.stop();
  expect(opens()).toBe(opensWhenBack);
});

test('a GPU that appears, or does not answer at first, is read when it does', async () => {
  const nvml = new FakeNvml();
  const { clock, consumer, receiver } = setUp(nvml, { smi: false });
  await receiver.start(consumer);
  await clock.advanceMs(5000);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'no_data', error: { code: 'NO_DEVICE' } });
  nvml.gpus = [card('GPU-a'), { uuid: 'GPU-b', answers: {} }];
  nvml.codes.set('nvmlDeviceGetUUID', 15);
  await clock.advanceMs(10_000);
  expect(consumer.samples).toEqual([]);
  nvml.codes.clear();
  await clock.advanceMs(20_000);
  await receiver.stop();
  expect(consumer.samples.at(-1)?.source.id).toBe('GPU-a');
});

test.each([
  ['there is no GPU', []],
  ['there is one', [card('GPU-a')]],
])('the library is shut down as often as it was initialised, when %s', async (_, gpus) => {
  const nvml = new FakeNvml(...gpus);
  const reader = new GpuReader(nvml.call, () => 0);
  const calls = (name: string) => nvml.calls.filter((each) => each === name).length;
  reader.open();
  reader.open();
  nvml.codes.set('nvmlDeviceGetCount_v2', 999);
  reader.open();
  reader.close();
  reader.close();
  expect([calls('nvmlInit_v2'), calls('nvmlShutdown')]).toEqual([3, 3]);
});

test('a driver that is unloaded loses every GPU, and is tried again at growing intervals', async () => {
  const nvml = new FakeNvml(card('GPU-a'), card('GPU-b'));
  const { clock, consumer, receiver } = setUp(nvml, { smi: false });
  await receiver.start(consumer);
  await clock.advanceMs(150);
  for (const name of ['nvmlDeviceGetPowerUsage', 'nvmlInit_v2'] as const) nvml.codes.set(name, 9);
  await clock.advanceMs(60_000);
  expect(consumer.losses.map(({ source }) => source.id).sort()).toEqual(['GPU-a', 'GPU-b']);
  const attempts = nvml.calls.filter((name) => name === 'nvmlInit_v2').length;
  expect(attempts).toBeGreaterThan(4);
  expect(attempts).toBeLessThan(9);
  nvml.codes.clear();
  await clock.advanceMs(61_000);
  await receiver.stop();
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'success' });
});

test('a GPU that this user may not open is reported in words, and the other one is read', async () => {
  const nvml = new FakeNvml(card('GPU-a'), card('GPU-b'));
  const byIndex = nvml.call;
  const guarded: typeof byIndex = (name, ...values) =>
    name === 'nvmlDeviceGetHandleByIndex_v2' && values[0] === 1 ? 4 : byIndex(name, ...values);
  const { clock, consumer, receiver } = setUp(Object.assign(nvml, { call: guarded }));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(consumer.samples.map(({ source }) => source.id)).toEqual(['GPU-a']);
});

test('a host without a GPU is no_data, not a failure', async () => {
  const { clock, consumer, receiver } = setUp(new FakeNvml());
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(consumer.reports[0]).toMatchObject({ outcome: 'no_data', error: { code: 'NO_DEVICE' } });
});

test('a call that hangs is abandoned after five seconds with its thread; the GPUs are silent, and read again when it works', async () => {
  const nvml = new FakeNvml(card('GPU-a'));
  const { clock, consumer, receiver } = setUp(nvml, { smi: false });
  await receiver.start(consumer);
  await clock.advanceMs(150);
  nvml.isWedged = true;
  const before = consumer.samples.length;
  await clock.advanceMs(5100);
  expect(consumer.reports.at(-1)).toMatchObject({ outcome: 'failure', error: { code: 'TIMEOUT' } });
  expect(consumer.losses).toEqual([]);
  nvml.isWedged = false;
  await clock.advanceMs(2000);
  expect(nvml.started).toBe(2);
  expect(consumer.samples.length).toBeGreaterThan(before + 5);
  await receiver.stop();
});

test('after three threads that hang, NVML is not called until one returns', async () => {
  const nvml = new FakeNvml(card('GPU-a'));
  nvml.isWedged = true;
  const { clock, consumer, receiver } = setUp(nvml, { smi: false });
  await receiver.start(consumer);
  await clock.advanceMs(600_000);
  expect(nvml.started).toBe(3);
  expect(consumer.reports.at(-1)?.error?.message).toContain('3 calls into the NVIDIA driver hang');
  nvml.isWedged = false;
  nvml.release();
  await clock.advanceMs(61_000);
  await receiver.stop();
  expect(consumer.samples.length).toBeGreaterThan(0);
});

test('stop ends a request that hangs, at once', async () => {
  const nvml = new FakeNvml(card('GPU-a'));
  nvml.isWedged = true;
  const { clock, consumer, receiver } = setUp(nvml);
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(consumer.reports).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('without NVML, nvidia-smi is asked every five seconds at most, and its GPUs are the same ones', async () => {
  const nvml = new FakeNvml(card('GPU-a'));
  nvml.codes.set('nvmlInit_v2', 12);
  const line = 'GPU-a, NVIDIA Test Card, 580.10, 37, 24576, 4096, 68.25, 450.00, 55, [N/A], 1740, 1740, 9501, 4, 16\n';
  const { clock, consumer, receiver, value, asked } = setUp(nvml, {}, async () => ({ text: line, exitCode: 0 }));
  await receiver.start(consumer);
  await clock.advanceMs(16_000);
  expect(asked.every((at, index) => index === 0 || at - (asked[index - 1] ?? 0) >= 5)).toBe(true);
  expect(asked).toHaveLength(4);
  expect(value('hw.power')).toBe(68.25);
  expect(consumer.samples[0]).toMatchObject({ source: { id: 'GPU-a', boundary: 'gpu_board' }, totals: { gpu: 68.25 } });
  nvml.codes.clear();
  await clock.advanceMs(60_000);
  await receiver.stop();
  expect(value('hw.power')).toBe(71.5);
  expect(consumer.losses).toEqual([]);
});

test.each([
  [
    'no value of its GPU',
    `ddb2b5c8-4a1e-5f0f-9d3c-0a1b2c3d4e5f, Orin (nvgpu), 540.4.0${', [N/A]'.repeat(12)}`,
    'no value at all',
  ],
  [
    'impossible values',
    `GPU-a, X, 580.10, 6553600${', [N/A]'.repeat(2)}, 99999.00, 350.00${', [N/A]'.repeat(7)}`,
    'impossible values',
  ],
])('nvidia-smi with %s is not a success, and the poll states why', async (_, line, words) => {
  const nvml = new FakeNvml();
  nvml.codes.set('nvmlInit_v2', 12);
  const { clock, consumer, receiver } = setUp(nvml, {}, async () => ({ text: `${line}\n`, exitCode: 0 }));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(consumer.reports[0]?.outcome).not.toBe('success');
  expect(consumer.reports[0]?.error?.message).toContain(words);
});

test('nvidia-smi that hangs is killed after ten seconds, and asked at growing intervals', async () => {
  const nvml = new FakeNvml();
  nvml.codes.set('nvmlInit_v2', 12);
  let killed = 0;
  const hang: RunSmi = (_args, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        killed++;
        reject(new Error('killed'));
      });
    });
  const { clock, consumer, receiver, asked } = setUp(nvml, {}, hang);
  await receiver.start(consumer);
  await clock.advanceMs(120_000);
  await receiver.stop();
  expect(killed).toBe(asked.length);
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.length).toBeLessThan(7);
  expect(consumer.samples).toEqual([]);
});

test('a partitioned GPU has power as a whole, and memory for each of its instances', async () => {
  const instances = [card('MIG-1'), card('MIG-2', { nvmlDeviceGetMemoryInfo: [8 * 2 ** 30, 2 ** 30, 7 * 2 ** 30] })];
  const whole = card('GPU-a', {
    nvmlDeviceGetUtilizationRates: { code: 3 },
    nvmlDeviceGetMigMode: [1],
    nvmlDeviceGetMaxMigDeviceCount: 3,
    nvmlDeviceGetMigDeviceHandleByIndex: ([, index]) => (Number(index) < 2 ? BigInt(Number(index) + 2) : { code: 6 }),
  });
  const nvml = new FakeNvml(whole, ...instances);
  nvml.codes.set('nvmlDeviceGetCount_v2', 0);
  const given = nvml.call;
  const one: typeof given = (name, ...values) => {
    if (name === 'nvmlDeviceGetCount_v2') (values[0] as Uint32Array)[0] = 1;
    return given(name, ...values);
  };
  const { clock, consumer, receiver, value } = setUp(Object.assign(nvml, { call: one }));
  await receiver.start(consumer);
  await clock.advanceMs(50);
  await receiver.stop();
  expect(new Set(consumer.samples.map(({ source }) => source.id))).toEqual(new Set(['GPU-a']));
  expect(value('hw.gpu.memory.usage', { 'hw.id': 'MIG-2' })).toBe(7 * 2 ** 30);
  expect(value('hw.gpu.memory.limit', { 'hw.id': 'MIG-1', 'hw.parent': 'GPU-a' })).toBe(24 * 2 ** 30);
  expect(consumer.readings('hw.power').map(({ sensor }) => sensor.attributes['hw.id'])).toEqual(['GPU-a']);
});

test('a consumer that throws does not stop the receiver', async () => {
  const { clock, receiver } = setUp(new FakeNvml(card('GPU-a')));
  let calls = 0;
  const sample = () => {
    calls++;
    throw new Error('not my problem');
  };
  await receiver.start({ sample, lost: () => undefined });
  await clock.advanceMs(250);
  await receiver.stop();
  expect(calls).toBe(3);
});
