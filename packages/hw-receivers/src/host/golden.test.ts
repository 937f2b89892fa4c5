import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CollectedSamples as Collected, ManualClock } from '@benchlab-otel/core/testing';
import { afterAll, expect, test } from 'vitest';
import { hostThread } from '../testing/hostThread.suite.ts';
import { machines, machineTree, UnpackedTree } from '../testing/hostTree.suite.ts';
import { renderSample } from '../testing/renderSample.suite.ts';
import { hostReceiver } from './receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-host-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Both polls of a recorded machine, a second apart. */
async function recorded(name: (typeof machines)[number]) {
  const { first, later } = machineTree(name);
  const tree = new UnpackedTree(mkdtempSync(join(folder, name)), first);
  const [clock, consumer] = [new ManualClock(), new Collected()];
  const receiver = hostReceiver(
    { clock, rateHz: 1, powerRateHz: 1 },
    hostThread(tree.files(), () => clock.nowNs()),
  );
  await receiver.start(consumer);
  await clock.advanceMs(10);
  tree.apply(later);
  await clock.advanceMs(1000);
  await receiver.stop();
  return { consumer, last: new Map(consumer.samples.map((sample) => [sample.source.id, sample])) };
}

test.each(machines)('the samples of the %s are those of its golden file', async (name) => {
  const { last } = await recorded(name);
  const text = [...last.values()].map(renderSample).join('\n');
  await expect(text).toMatchFileSnapshot(`../../fixtures/host/${name}.golden.txt`);
});

test.each(machines)(
  'every series of the %s is unique, finite, and has only the attributes that its metric declares',
  async (name) => {
    const { last } = await recorded(name);
    const readings = [...last.values()].flatMap((sample) => sample.readings);
    const keys = readings.map(({ sensor }) => JSON.stringify([sensor.metric.name, sensor.attributes]));
    expect(new Set(keys).size).toBe(keys.length);
    for (const { sensor, value } of readings) {
      expect(Number.isFinite(value), sensor.metric.name).toBe(true);
      expect(sensor.metric.attributes).toEqual(expect.arrayContaining(Object.keys(sensor.attributes)));
    }
  },
);
