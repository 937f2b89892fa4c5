import { describe, expect, test } from 'vitest';
import { OptionError } from '../errors/optionError.ts';
import { SampleHistory } from '../samples/history.ts';
import { SampleMetrics } from '../samples/sampleMetrics.ts';
import { CollectedSamples } from './collectedSamples.ts';
import { ManualClock } from './manualClock.ts';
import { simulatedSource } from './simulatedSource.ts';

const nsPerMs = 1e6;

describe('a simulated source', () => {
  test('is read at once and then every period, and marks everything as simulated', async () => {
    const clock = new ManualClock(0);
    const collected = new CollectedSamples();
    await simulatedSource({ clock, watts: { system: 100, cpu: 30 } }).start(collected);
    await clock.advanceMs(120);
    expect(collected.samples.map(({ timeNs }) => timeNs / nsPerMs)).toEqual([0, 50, 100]);
    expect(collected.samples[0]?.source).toMatchObject({ id: 'simulated', simulated: true, boundary: 'dc_rails' });
    expect(collected.samples[0]?.totals).toEqual({ system: 100, cpu: 30 });
    expect(collected.readings('hw.power').map(({ value }) => value)).toEqual([100, 30]);
    expect(collected.readings('hw.power')[0]?.sensor.attributes['benchlab.simulated']).toBe(true);
    expect(collected.reports.map(({ outcome }) => outcome)).toEqual(['success', 'success', 'success']);
  });

  test('has the power that a test sets for each instant, and a poll may find nothing', async () => {
    const clock = new ManualClock(0);
    const collected = new CollectedSamples();
    const watts = (timeNs: number) => (timeNs === 10 * nsPerMs ? undefined : { system: timeNs / nsPerMs });
    await simulatedSource({ clock, watts, periodMs: 10, id: 'U1' }).start(collected);
    await clock.advanceMs(20);
    expect(collected.samples.map(({ totals }) => totals?.system)).toEqual([0, 20]);
    expect(collected.reports.map(({ outcome }) => outcome)).toEqual(['success', 'no_data', 'success']);
  });

  test('gives joules through the history and the metrics, like a device', async () => {
    const clock = new ManualClock(0);
    const history = new SampleHistory();
    const metrics = new SampleMetrics({ clock });
    const source = simulatedSource({ clock, watts: { system: 100 } });
    await source.start({
      sample(sample) {
        for (const consumer of [history, metrics]) consumer.sample(sample);
      },
      lost: () => {},
    });
    await clock.advanceMs(2000);
    expect(history.periodNs(source.source.id)).toBe(50 * nsPerMs);
    const energy = metrics.collect(clock.nowNs()).find(({ definition }) => definition.name === 'hw.energy');
    expect(energy?.points[0]?.value).toBeCloseTo(200, 9);
  });

  test('that is unplugged is lost once and silent until it is plugged in again', async () => {
    const clock = new ManualClock(0);
    const collected = new CollectedSamples();
    const source = simulatedSource({ clock, watts: { system: 1 } });
    await source.start(collected);
    await source.start(new CollectedSamples());
    source.unplug();
    source.unplug();
    await clock.advanceMs(100);
    expect(collected.losses).toMatchObject([{ timeNs: 0, error: { code: 'BOARD_LOST' } }]);
    expect(collected.samples).toHaveLength(1);
    source.plug();
    await clock.advanceMs(50);
    expect(collected.samples).toHaveLength(2);
  });

  test('may be stopped twice, leaves no timer, and starts again', async () => {
    const clock = new ManualClock(0);
    const collected = new CollectedSamples();
    const source = simulatedSource({ clock, watts: { system: 1 } });
    await source.stop();
    await source.start(collected);
    await source.stop();
    await source.stop();
    expect(clock.pending).toBe(0);
    await source.start(collected);
    expect(collected.samples).toHaveLength(2);
    await source.stop();
  });

  test('makes single samples with the same sensor objects each time', () => {
    const source = simulatedSource({ clock: new ManualClock(0), watts: {} });
    const [one, two] = [1, 2].map((timeNs) => source.sample(timeNs, { gpu: 50 }));
    expect(one).toMatchObject({ timeNs: 1, uncertaintyNs: 0, totals: { gpu: 50 } });
    expect(one?.readings[0]?.sensor).toBe(two?.readings[0]?.sensor);
  });

  test('refuses a period that never passes', () => {
    expect(() => simulatedSource({ clock: new ManualClock(), watts: {}, periodMs: 0 })).toThrow('periodMs');
    expect(() => simulatedSource({ clock: new ManualClock(), watts: {}, periodMs: Number.NaN })).toThrow(OptionError);
  });
});
