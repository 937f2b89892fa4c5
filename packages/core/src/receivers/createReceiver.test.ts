import { DiagLogLevel, diag } from '@opentelemetry/api';
import { afterEach, expect, test, vi } from 'vitest';
import type { SampleConsumer } from '../contracts/receiver.ts';
import type { Source } from '../contracts/sample.ts';
import { BenchlabError } from '../errors/benchlabError.ts';
import * as logEvents from '../registry/logEvents.ts';
import { CollectedSamples } from '../testing/collectedSamples.ts';
import { createReceiver, type ReceiverRun } from './createReceiver.ts';
import type { GuardedConsumer } from './guardedConsumer.ts';

const source: Source = { id: 'meter', name: 'Meter', simulated: true, attributes: {} };
const sample = { source, timeNs: 1, uncertaintyNs: 0, readings: [] };

/** A run that records what happens to it and ends when the test ends it. */
class Run implements ReceiverRun {
  readonly consumer: GuardedConsumer;
  readonly calls: string[] = [];
  end: () => void = () => undefined;
  readonly #ended: Promise<void>;

  constructor(consumer: GuardedConsumer) {
    this.consumer = consumer;
    this.#ended = new Promise((resolve) => (this.end = resolve));
  }

  start(): void {
    this.calls.push('start');
  }

  stop(): Promise<void> {
    this.calls.push('stop');
    return this.#ended;
  }
}

function setup() {
  const runs: Run[] = [];
  const receiver = createReceiver('meter', (consumer) => {
    const run = new Run(consumer);
    runs.push(run);
    return run;
  });
  const run = (index: number): Run => {
    const found = runs[index];
    if (found === undefined) throw new Error(`There is no run ${index}.`);
    return found;
  };
  return { receiver, runs, run };
}

afterEach(() => diag.disable());

test('a start begins a run whose samples reach the consumer', async () => {
  const { receiver, run } = setup();
  const consumer = new CollectedSamples();
  await receiver.start(consumer);
  run(0).consumer.sample(sample);
  expect(run(0).calls).toEqual(['start']);
  expect(consumer.samples).toEqual([sample]);
});

test('a second start is refused with ALREADY_STARTED and makes no second run', async () => {
  const { receiver, runs } = setup();
  await receiver.start(new CollectedSamples());
  await expect(receiver.start(new CollectedSamples())).rejects.toMatchObject({
    code: 'ALREADY_STARTED',
    message: 'meter is already started. Stop it first.',
  });
  expect(runs).toHaveLength(1);
});

test('a stop of a receiver that never started resolves', async () => {
  const { receiver, runs } = setup();
  await receiver.stop();
  expect(runs).toEqual([]);
});

test('a consumer receives nothing from the moment at which stop was called', async () => {
  const { receiver, run } = setup();
  const consumer = new CollectedSamples();
  await receiver.start(consumer);
  const stopping = receiver.stop();
  run(0).consumer.sample(sample);
  run(0).consumer.polled({ receiver: 'meter', outcome: 'success', durationNs: 1, missed: 0 });
  run(0).end();
  await stopping;
  expect([consumer.samples, consumer.reports]).toEqual([[], []]);
  expect(run(0).consumer.isClosed).toBe(true);
});

test('two stops at a time both wait for the end of the run, which is stopped once', async () => {
  const { receiver, run } = setup();
  await receiver.start(new CollectedSamples());
  let resolved = 0;
  const stops = [receiver.stop(), receiver.stop()].map((stop) => stop.then(() => resolved++));
  await new Promise((resolve) => setImmediate(resolve));
  expect(resolved).toBe(0);
  run(0).end();
  await Promise.all(stops);
  expect(run(0).calls).toEqual(['start', 'stop']);
});

test('a start during a stop waits until the run before has ended', async () => {
  const { receiver, run } = setup();
  await receiver.start(new CollectedSamples());
  const stopping = receiver.stop();
  const starting = receiver.start(new CollectedSamples());
  await new Promise((resolve) => setImmediate(resolve));
  expect(run(1).calls).toEqual([]);
  run(0).end();
  await Promise.all([stopping, starting]);
  expect(run(1).calls).toEqual(['start']);
});

test('a run that is stopped before its start never starts', async () => {
  const { receiver, run } = setup();
  await receiver.start(new CollectedSamples());
  const first = receiver.stop();
  const starting = receiver.start(new CollectedSamples());
  const second = receiver.stop();
  run(0).end();
  run(1).end();
  await Promise.all([first, starting, second]);
  expect(run(1).calls).toEqual(['stop']);
});

test('a run whose start throws is stopped, and the receiver can be started again', async () => {
  const calls: string[] = [];
  let isBroken = true;
  const receiver = createReceiver('meter', () => ({
    start: () => {
      calls.push('start');
      if (isBroken) throw new Error('no files');
    },
    stop: async () => void calls.push('stop'),
  }));
  await expect(receiver.start(new CollectedSamples())).rejects.toThrow('no files');
  isBroken = false;
  await receiver.start(new CollectedSamples());
  expect(calls).toEqual(['start', 'stop', 'start']);
});

test('a start that fails rejects with its own error, although the stop after it fails too', async () => {
  const ofStart = new Error('no files');
  const ofStop = new Error('the port hangs');
  const receiver = createReceiver('meter', () => ({
    start: () => {
      throw ofStart;
    },
    stop: () => Promise.reject(ofStop),
  }));
  await expect(receiver.start(new CollectedSamples())).rejects.toBe(ofStart);
  expect(ofStart.cause).toBe(ofStop);
});

test.each([
  ['undefined', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a function', () => {}, 'a function'],
  ['an object without lost', { sample: () => {} }, 'an object'],
  ['an object whose sample is not a function', { sample: 1, lost: () => {} }, 'an object'],
])('a start with %s as the consumer is refused and makes no run', async (_what, consumer, shown) => {
  const { receiver, runs } = setup();
  await expect(receiver.start(consumer as unknown as SampleConsumer)).rejects.toMatchObject({
    option: 'consumer',
    message: `consumer is ${shown}. It must be an object with the methods sample() and lost().`,
  });
  expect(runs).toEqual([]);
});

test('a stop that fails rejects for its caller and does not keep the receiver from starting again', async () => {
  let runs = 0;
  const receiver = createReceiver('meter', () => ({
    start: () => void runs++,
    stop: () => (runs === 1 ? Promise.reject(new Error('the port hangs')) : Promise.resolve()),
  }));
  await receiver.start(new CollectedSamples());
  await expect(receiver.stop()).rejects.toThrow('the port hangs');
  await receiver.start(new CollectedSamples());
  await receiver.stop();
  expect(runs).toBe(2);
});

test('a consumer that throws on everything does not disturb the run, and is reported once a minute', async () => {
  const lines: string[] = [];
  const ignore = () => {};
  const logger = {
    warn: (line: string) => lines.push(line),
    error: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const { receiver, run } = setup();
  const fail = () => {
    throw new Error('not the fault of the receiver');
  };
  await receiver.start({ sample: fail, lost: fail, polled: fail, event: fail });
  const { consumer } = run(0);
  consumer.sample(sample);
  consumer.sample(sample);
  consumer.polled({ receiver: 'meter', outcome: 'success', durationNs: 1, missed: 0 });
  expect(lines).toEqual(['benchlab-otel: meter: the consumer threw on a sample.']);
});

test('a consumer whose promises reject does not end the process, and is reported once a minute', async () => {
  const warn = vi.fn();
  const ignore = () => {};
  const logger = { warn, error: ignore, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const { receiver, run } = setup();
  const full = new Error('full');
  // An async function is assignable to a method that returns nothing.
  const fail = async () => {
    throw full;
  };
  await receiver.start({ sample: fail, lost: fail, polled: fail, event: fail });
  const { consumer } = run(0);
  const definition = logEvents.benchlabFaultChange;
  consumer.sample(sample);
  consumer.lost({ source, timeNs: 2, error: new BenchlabError('DEVICE_LOST', 'Gone.', 'Plug it in.') });
  consumer.polled({ receiver: 'meter', outcome: 'success', durationNs: 1, missed: 0 });
  consumer.event({ source, timeNs: 3, definition, attributes: {} });
  // A rejection without a handler is raised before the next turn of the event loop, and fails this test.
  await new Promise((resolve) => setImmediate(resolve));
  expect(warn.mock.calls).toEqual([['benchlab-otel: meter: the consumer threw on a sample.', full]]);
});

test('a consumer without the optional methods is served', async () => {
  const { receiver, run } = setup();
  const samples: unknown[] = [];
  await receiver.start({ sample: (each) => samples.push(each), lost: () => {} });
  run(0).consumer.polled({ receiver: 'meter', outcome: 'success', durationNs: 1, missed: 0 });
  run(0).consumer.sample(sample);
  expect(samples).toEqual([sample]);
});
