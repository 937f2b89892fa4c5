import { expect, it } from 'vitest';
import { endSignals, processSignals } from './signals.ts';

it.each(endSignals)('%s reaches the listener of this process until it is removed', async (signal) => {
  const before = process.listenerCount(signal);
  let stop = () => {};
  const got = new Promise((resolve) => {
    stop = processSignals.listen(resolve);
  });

  process.kill(process.pid, signal);

  expect(await got).toBe(signal);
  stop();
  expect(process.listenerCount(signal)).toBe(before);
});
