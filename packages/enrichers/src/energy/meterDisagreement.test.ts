import type { SampleConsumer, SelfCount } from '@benchlab-otel/core';
import { ManualClock, type SimulatedSource, simulatedSource } from '@benchlab-otel/core/testing';
import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meterDisagreement } from './meterDisagreement.ts';

let clock: ManualClock;
let meters: SampleConsumer;
let started: SimulatedSource[];
beforeEach(() => {
  clock = new ManualClock();
  meters = meterDisagreement({ clock });
  started = [];
});
afterEach(async () => {
  diag.disable();
  for (const source of started) await source.stop();
});

type Watts = Parameters<typeof simulatedSource>[0]['watts'];
async function meter(id: string, boundary: 'dc_rails' | 'gpu_board' | 'cpu_package', watts: Watts, periodMs = 50) {
  const source = simulatedSource({ clock, id, boundary, watts, periodMs });
  started.push(source);
  await source.start(meters);
  return source;
}

/** Values by metric, role and side. */
function told(): Record<string, number> {
  const name = ({ definition, attributes = {} }: SelfCount) =>
    [
      definition.name.replace('benchlab.disagreement', '') || 'ratio',
      attributes['benchlab.power.role'],
      attributes['benchlab.disagreement.side'],
    ]
      .filter((part) => part !== undefined)
      .join(' ');
  return Object.fromEntries((meters.counts?.() ?? []).map((count) => [name(count), count.value]));
}

describe('N6: meters that disagree', () => {
  it('are reported in watts, as a share of what the device shows, with the age of both sides', async () => {
    await meter('board', 'dc_rails', { system: 400, gpu: 330, cpu: 50 });
    await meter('gpu', 'gpu_board', { gpu: 300 }, 100);
    await meter('rapl', 'cpu_package', { cpu: 40 }, 100);
    await clock.advanceMs(3030);
    expect(told()).toEqual({
      '.power gpu': expect.closeTo(30, 6),
      'ratio gpu': expect.closeTo(0.1, 6),
      '.age gpu rails': expect.closeTo(0.03, 6),
      '.age gpu device': expect.closeTo(0.03, 6),
      '.power cpu': expect.closeTo(10, 6),
      'ratio cpu': expect.closeTo(0.25, 6),
      '.age cpu rails': expect.closeTo(0.03, 6),
      '.age cpu device': expect.closeTo(0.03, 6),
    });
    for (const { attributes } of meters.counts?.() ?? []) expect(attributes?.['benchlab.simulated']).toBe(true);
  });

  it('are compared over the same second, at any two rates of reading, and while power moves', async () => {
    const watts = (timeNs: number) => 200 + 100 * Math.sin(timeNs / 3e8);
    await meter('board', 'dc_rails', (timeNs) => ({ gpu: watts(timeNs) }), 20);
    await meter('gpu', 'gpu_board', (timeNs) => ({ gpu: watts(timeNs) }), 100);
    await clock.advanceMs(2000);
    const differences: number[] = [];
    for (let k = 0; k < 50; k++) {
      await clock.advanceMs(37);
      differences.push(Math.abs(told()['.power gpu'] ?? Number.NaN));
    }
    expect(Math.max(...differences)).toBeLessThan(2);
  });

  it('add up the GPUs, and have no value until each of them has one', async () => {
    await meter('board', 'dc_rails', { gpu: 500 });
    await meter('gpu-0', 'gpu_board', { gpu: 200 });
    const second = await meter('gpu-1', 'gpu_board', { gpu: 250 });
    await clock.advanceMs(2000);
    expect(told()['.power gpu']).toBeCloseTo(50, 6);
    second.unplug();
    await clock.advanceMs(10);
    // It is gone, so its rails are compared with what is left: that is a disagreement, and a large one.
    expect(told()['.power gpu']).toBeCloseTo(300, 6);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['there is no board', () => meter('gpu', 'gpu_board', { gpu: 300 })],
    ['there is no device', () => meter('board', 'dc_rails', { gpu: 300, cpu: 50 })],
    [
      'the board measures no such rail',
      async () => [await meter('board', 'dc_rails', { system: 300 }), await meter('gpu', 'gpu_board', { gpu: 300 })],
    ],
    [
      'a second has not passed',
      async () => {
        await clock.advanceMs(2500);
        await meter('board', 'dc_rails', { gpu: 300 });
        await meter('gpu', 'gpu_board', { gpu: 300 });
      },
    ],
    [
      'the device is read too seldom',
      async () => [await meter('board', 'dc_rails', { gpu: 300 }), await meter('gpu', 'gpu_board', { gpu: 300 }, 5000)],
    ],
  ])('are silent where %s', async (_what, set) => {
    await set();
    await clock.advanceMs(500);
    expect(told()).toEqual({});
  });

  it.each(['board', 'gpu'])(
    'are silent once the %s is lost, and when it sends nothing for two seconds',
    async (which) => {
      let isSilent = false;
      const watts = (id: string) => () => (isSilent && id === which ? undefined : { gpu: 300 });
      const sources = {
        board: await meter('board', 'dc_rails', watts('board')),
        gpu: await meter('gpu', 'gpu_board', watts('gpu')),
      };
      await clock.advanceMs(2000);
      expect(told()['.power gpu']).toBeCloseTo(0, 6);
      isSilent = true;
      await clock.advanceMs(2100);
      expect(told()).toEqual({});
      isSilent = false;
      await clock.advanceMs(2000);
      expect(told()['.power gpu']).toBeCloseTo(0, 6);
      sources[which as 'board' | 'gpu'].unplug();
      expect(told()).toEqual({});
    },
  );

  it('are not compared with several boards, and that is said once', async () => {
    const warnings: string[] = [];
    const quiet = () => {};
    const warn = (message: string) => void warnings.push(message);
    diag.setLogger({ error: quiet, warn, info: quiet, debug: quiet, verbose: quiet });
    for (const id of ['one', 'two']) await meter(id, 'dc_rails', { gpu: 300 });
    await meter('gpu', 'gpu_board', { gpu: 300 });
    await clock.advanceMs(2000);
    expect([told(), told(), warnings.length]).toEqual([{}, {}, 1]);
  });

  it('have no share where the device measures next to nothing', async () => {
    await meter('board', 'dc_rails', { gpu: 3 });
    await meter('gpu', 'gpu_board', { gpu: 0.2 });
    await clock.advanceMs(2000);
    expect(told()).toMatchObject({ '.power gpu': expect.closeTo(2.8, 6) });
    expect(told()).not.toHaveProperty('ratio gpu');
  });

  it('differ by what was put in, over 200 random loads and rates', async () => {
    let seed = 11;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    for (let run = 0; run < 200; run++) {
      clock = new ManualClock();
      meters = meterDisagreement({ clock });
      const [device, offset] = [10 + 600 * random(), 50 * random() - 10];
      await meter('board', 'dc_rails', { gpu: device + offset }, 10 + Math.floor(random() * 90));
      await meter('gpu', 'gpu_board', { gpu: device }, 50 + Math.floor(random() * 150));
      await clock.advanceMs(2500 + random() * 500);
      expect(told()['.power gpu']).toBeCloseTo(offset, 6);
    }
  });
});
