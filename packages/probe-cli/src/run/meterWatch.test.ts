import { attribute, BenchlabError, type Sample, type Source } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { simulatedBoard } from '../../../analysis/src/operations/example.suite.ts';
import { MeterWatch } from './meterWatch.ts';

function sample(timeMs: number, source: Source = simulatedBoard): Sample {
  return { source, timeNs: timeMs * 1e6, uncertaintyNs: 0, readings: [] };
}

describe('MeterWatch', () => {
  it('distinguishes the rate that came from the rate that was asked for', () => {
    const watch = new MeterWatch(20);

    for (const timeMs of [1000, 1100, 1200, 1300]) watch.sample(sample(timeMs));

    expect(watch.meters).toEqual([
      {
        id: simulatedBoard.id,
        name: simulatedBoard.name,
        simulated: true,
        boundary: 'dc_rails',
        firmware: '6',
        samples: 4,
        askedHz: 20,
        seenHz: expect.closeTo(10, 9),
        losses: 0,
      },
    ]);
  });

  it('gives no rate for a single sample', () => {
    const watch = new MeterWatch(20);

    watch.sample(sample(1));

    expect(watch.meters[0]?.seenHz).toBeUndefined();
  });

  it('keeps the label of an assumed firmware', () => {
    const watch = new MeterWatch(20);

    const attributes = { ...simulatedBoard.attributes, [attribute.firmwareAssumed]: '7' };
    watch.sample(sample(1, { ...simulatedBoard, attributes }));

    expect(watch.meters[0]).toMatchObject({ assumedFirmware: '7' });
  });

  it('counts losses and keeps the last reason', () => {
    const watch = new MeterWatch(20);
    const error = new BenchlabError('BOARD_LOST', 'The board is gone.', 'Plug it in.');

    watch.lost({ source: simulatedBoard, timeNs: 1, error });
    watch.sample(sample(1));
    watch.lost({ source: simulatedBoard, timeNs: 2, error });

    expect(watch.meters[0]).toMatchObject({ losses: 1, lastLoss: 'The board is gone. Plug it in.' });
  });

  it('waits for a sample, at once when it is there, in vain when none comes', async () => {
    const watch = new MeterWatch(20);
    const first = watch.waitFor(50e6, 10_000);
    const never = watch.waitFor(1000e6, 20);

    watch.sample(sample(49));
    watch.sample(sample(51));

    expect(await first).toBe(true);
    expect(await watch.waitFor(51e6, 10_000)).toBe(true);
    expect(await never).toBe(false);
  });

  it('does not grow with the number of sources', () => {
    const watch = new MeterWatch(20);

    for (let n = 0; n < 100; n++) watch.sample(sample(n, { ...simulatedBoard, id: `board ${n}` }));

    expect(watch.meters.length).toBe(16);
  });
});
