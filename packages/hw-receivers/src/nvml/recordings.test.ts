import { readdirSync, readFileSync } from 'node:fs';
import { type MetricDefinition, metric } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';

// Recordings of real GPUs, made by scripts/nvml-fixture.mjs: what the receiver made of them must be what GPUs do.

interface Recording {
  readonly simulated: boolean;
  readonly library: { readonly driver: string; readonly gpus: readonly Record<string, { readonly code: number }>[] };
  readonly nvml: Recorded;
  readonly again: Pick<Recorded, 'polls' | 'samplesHeard'>;
  readonly nvidiaSmi: Recorded;
  readonly besides: { readonly lines: readonly string[]; readonly nvml: readonly { readings: [string, number][] }[] };
}
interface Recorded {
  readonly polls: { readonly outcomes: Record<string, number>; readonly durationMs: { readonly p50: number } };
  readonly samplesHeard: number;
  readonly losses: number;
  readonly gpus: readonly {
    readonly source: { readonly id: string; readonly simulated: boolean };
    readonly samples: number;
    readonly energy: { readonly seconds: number; readonly counterJoules: number; readonly averagePowerJoules: number };
    readonly sensors: readonly Seen[];
  }[];
}
interface Seen {
  readonly metric: string;
  readonly attributes: Record<string, unknown>;
  readonly readings: number;
  readonly min: number;
  readonly max: number;
  readonly first: number;
  readonly last: number;
}

const folder = new URL('../../fixtures/nvml/', import.meta.url);
const recordings = readdirSync(folder).map((file) => ({
  file,
  recording: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recording,
}));
const definitions = new Map(Object.values<MetricDefinition>(metric).map((definition) => [definition.name, definition]));

/** What each metric of a GPU can be. */
const bounds: Readonly<Record<string, [number, number]>> = {
  'hw.gpu.utilization': [0, 1],
  'hw.gpu.memory.utilization': [0, 1],
  'hw.power': [1, 2000],
  'benchlab.gpu.power.instant': [1, 2000],
  'benchlab.gpu.power.limit': [10, 2000],
  'hw.temperature': [5, 110],
  'hw.temperature.limit': [50, 130],
  'benchlab.gpu.clock': [1e6, 20e9],
  'benchlab.gpu.clock.limit': [1e8, 20e9],
  'benchlab.gpu.performance_state': [0, 15],
  'benchlab.gpu.pcie.link.generation': [1, 7],
  'benchlab.gpu.pcie.link.width': [1, 32],
};

test('there are recordings of a real GPU, idle and under load', () => {
  expect(recordings.filter(({ recording }) => !recording.simulated).length).toBeGreaterThanOrEqual(2);
});

describe.each(recordings)('$file', ({ recording }) => {
  test('every poll brought a sample of every GPU, and so did the restart', () => {
    const { nvml, again, library } = recording;
    expect(Object.keys(nvml.polls.outcomes)).toEqual(['success']);
    expect([nvml.gpus.length, nvml.losses]).toEqual([library.gpus.length, 0]);
    for (const gpu of nvml.gpus) expect(gpu.samples).toBe(nvml.polls.outcomes.success);
    expect(Object.keys(again.polls.outcomes)).toEqual(['success']);
    expect(again.polls.durationMs.p50).toBeLessThan(20);
  });

  test('every reading is of the registry, has the attributes of its metric, and is a possible value', () => {
    for (const { metric: name, attributes, min, max } of recording.nvml.gpus.flatMap(({ sensors }) => sensors)) {
      const definition = definitions.get(name);
      expect([...definitions.keys()]).toContain(name);
      expect(Object.keys(attributes).filter((each) => !definition?.attributes.includes(each))).toEqual([]);
      const [least, most] = bounds[name] ?? [0, Number.MAX_SAFE_INTEGER];
      expect([name, min >= least, max <= most]).toEqual([name, true, true]);
    }
  });

  test('counters do not fall, and nothing was rejected', () => {
    for (const { metric: name, first, min, max, last } of recording.nvml.gpus.flatMap(({ sensors }) => sensors)) {
      if (definitions.get(name)?.instrument === 'counter') expect([min, max], name).toEqual([first, last]);
      if (name === 'benchlab.readings.rejected') expect(last).toBe(0);
    }
  });

  test("the GPU's own energy counter and the integral of its power agree within 2 %", () => {
    for (const { energy } of recording.nvml.gpus) {
      expect(energy.seconds).toBeGreaterThan(5);
      expect(Math.abs(energy.averagePowerJoules / energy.counterJoules - 1)).toBeLessThan(0.02);
    }
  });

  test('nvidia-smi and NVML report the same power at the same moment, within 5 W', () => {
    const [line = ''] = recording.besides.lines;
    const [, watts] = line.split(', ');
    const own = recording.besides.nvml[0]?.readings.find(([name]) => name === 'hw.power')?.[1];
    expect(Math.abs(Number(watts) - (own ?? Number.NaN))).toBeLessThan(5);
    expect(recording.nvidiaSmi.samplesHeard).toBeGreaterThan(0);
    const power = recording.nvidiaSmi.gpus[0]?.sensors.find(({ metric: name }) => name === 'hw.power');
    expect(power?.attributes['benchlab.meter']).toBe('nvidia_smi');
  });

  test('holds nothing that identifies the GPU', () => {
    const text = JSON.stringify(recording);
    expect(text.match(/-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? []).toEqual([]);
    expect(text).not.toMatch(/"hw\.serial_number":"(?!serial-)/);
  });
});
