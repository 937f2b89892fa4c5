import { PassThrough, Writable } from 'node:stream';
import type { Sample } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { closeOpenCalls, withSpan } from '@benchlab-otel/sdk';
import type { RuntimeEvent } from '@benchlab-otel/wire';
import { context, diag, propagation, trace } from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withCorrelation } from '../enrich/correlation.ts';
import { registerTracing } from '../lifecycle/globals.ts';
import { type OpenEventStream, openEventStream } from './eventOutput.ts';

let clock: ManualClock;
let out: PassThrough;
let stream: OpenEventStream;
let warnings: string[];

beforeEach(async () => {
  registerTracing(new TracerProvider(), new W3CBaggagePropagator());
  warnings = [];
  const quiet = () => {};
  const warn = (message: string) => void warnings.push(message);
  diag.setLogger({ error: warn, warn, info: quiet, debug: quiet, verbose: quiet });
  clock = new ManualClock();
  out = new PassThrough();
  stream = await openEventStream(out, { component: 'service', clock });
});
afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
  diag.disable();
});

async function written(): Promise<RuntimeEvent[]> {
  await stream.close();
  const text = out.read()?.toString() ?? '';
  return text.split('\n').flatMap((line: string) => (line === '' ? [] : [JSON.parse(line)]));
}

const sample = (watts: number, simulated = false): Sample => ({
  source: { id: 'uid', name: 'Board', simulated, boundary: 'dc_rails', attributes: {} },
  timeNs: clock.nowNs(),
  uncertaintyNs: 0,
  readings: [],
  totals: { system: watts },
});

describe('emit', () => {
  it('writes an event with its time, its component, its run and its span', async () => {
    let spanId: string | undefined;
    withCorrelation(() => {
      withSpan('infer', () => {
        spanId = trace.getActiveSpan()?.spanContext().spanId;
        stream.events.emit({ event: 'diagnostic', diagnostics: { missing_artifact: 'model.gguf' } });
      });
    }, 'run-1');
    const [event] = await written();
    expect(event).toEqual({
      timestamp: expect.stringMatching(/Z$/),
      component: 'service',
      event: 'diagnostic',
      diagnostics: { missing_artifact: 'model.gguf' },
      context: { correlation_id: 'run-1', trace_id: expect.any(String), span_id: spanId },
    });
  });

  it('adds the power of the bench while a board measures it, marked when it is simulated', async () => {
    stream.events.emit({ event: 'no board' });
    stream.consumer.sample(sample(120));
    stream.events.emit({ event: 'measured', metrics: { tokens_per_second: 3 } });
    stream.events.emit({ event: 'its own', metrics: { power_watts: 7 } });
    await clock.advanceMs(1001);
    stream.events.emit({ event: 'stale' });
    stream.consumer.sample(sample(121, true));
    stream.events.emit({ event: 'simulated' });
    stream.consumer.lost({ source: sample(0).source, timeNs: clock.nowNs(), error: new Error() as never });
    stream.events.emit({ event: 'lost' });
    expect((await written()).map(({ metrics }) => metrics)).toEqual([
      undefined,
      { tokens_per_second: 3, power_watts: 120 },
      { power_watts: 7 },
      undefined,
      { power_watts: 121, power_simulated: true },
      undefined,
    ]);
  });

  const cyclic: Record<string, unknown> = { event: 'cyclic' };
  cyclic.self = cyclic;
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['no name', {}],
    ['a cycle', cyclic],
    ['too much', { event: 'big', text: 'x'.repeat(70_000) }],
    [
      'a getter that throws',
      {
        event: 'x',
        get bad() {
          throw new Error('no');
        },
      },
    ],
  ])('drops, counts and reports an event of %s, and throws nothing', async (_what, given) => {
    stream.events.emit(given as RuntimeEvent);
    stream.events.emit(given as RuntimeEvent);
    expect(stream.events.counts()).toMatchObject([{ value: 2 }]);
    expect(warnings).toHaveLength(1);
    expect(await written()).toEqual([]);
  });

  it('writes big integers as text', async () => {
    stream.events.emit({ event: 'x', diagnostics: { id: 2n ** 60n } });
    expect((await written())[0]?.diagnostics).toEqual({ id: '1152921504606846976' });
  });

  it('continues after a stream that fails, and after one that is ended', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken')) });
    const ended = new PassThrough();
    for (const bad of [broken, ended]) {
      const other = await openEventStream(bad, { component: 'x' });
      if (bad === ended) ended.end();
      const dropped = () => {
        other.events.emit({ event: 'x' });
        return other.events.counts()[0]?.value;
      };
      await expect.poll(dropped, { interval: 1 }).toBeGreaterThan(0);
      await other.close();
    }
    expect(warnings.length).toBeGreaterThan(0);
  });

  it('never waits for a stream that does not drain', async () => {
    const stuck = new Writable({ highWaterMark: 1, write: () => {} });
    const other = await openEventStream(stuck, { component: 'x' });
    for (let k = 0; k < 10_100; k++) other.events.emit({ event: 'x' });
    await other.close();
    // The stream has taken one chunk, which no longer counts as waiting.
    expect(other.events.counts()[0]?.value).toBeGreaterThan(9000);
  });
});

describe('run', () => {
  it('is a launch and a completion of one run', async () => {
    const result = stream.events.run('infer', ({ emit }) => {
      emit({ event: 'token' });
      return 5;
    });
    const events = await written();
    expect(result).toBe(5);
    expect(events.map(({ event, component }) => [event, component])).toEqual([
      ['launch', 'infer'],
      ['token', 'infer'],
      ['completion', 'infer'],
    ]);
    expect(new Set(events.map((event) => event.context?.correlation_id)).size).toBe(1);
    expect(events[2]?.diagnostics).toBeUndefined();
  });

  it('names in its completion the error of a promise that was rejected, and rejects with it', async () => {
    const failure = new TypeError('no');
    const diagnostics = { kernel_variant: 'gpu-cuda' };
    const run = stream.events.run('infer', () => Promise.reject(failure), { correlationId: 'r', diagnostics });
    await expect(run).rejects.toBe(failure);
    const [launch, completion] = await written();
    expect(launch).toMatchObject({ event: 'launch', diagnostics, context: { correlation_id: 'r' } });
    expect(completion).toMatchObject({ event: 'completion', diagnostics: { ...diagnostics, error_type: 'TypeError' } });
  });

  it('throws what the work throws, undefined too', async () => {
    let caught: unknown = 'nothing';
    try {
      stream.events.run('infer', () => {
        throw undefined;
      });
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toBeUndefined();
    expect((await written())[1]?.diagnostics).toEqual({ error_type: '_OTHER' });
  });

  it('ends with what decorators follow: a lazy query that is started by another method, and a generator', async () => {
    const query = {
      exec: () => Promise.reject(new RangeError('refused')),
      // biome-ignore lint/suspicious/noThenProperty: the object under test.
      then(onValue?: () => unknown, onError?: (error: unknown) => unknown): Promise<unknown> {
        return this.exec().then(onValue, onError);
      },
    };
    await expect(stream.events.run('query', () => query).exec()).rejects.toThrow('refused');
    const rows = stream.events.run('rows', async function* ({ emit }) {
      emit({ event: 'row' });
      yield 1;
      throw new TypeError('late');
    });
    const read = async () => {
      for await (const _ of rows);
    };
    await expect(read()).rejects.toThrow('late');
    const events = (await written()).map(({ component, event, diagnostics }) => [
      component,
      event,
      diagnostics?.error_type,
    ]);
    expect(events).toEqual([
      ['query', 'launch', undefined],
      ['query', 'completion', 'RangeError'],
      ['rows', 'launch', undefined],
      ['rows', 'row', undefined],
      ['rows', 'completion', 'TypeError'],
    ]);
  });

  it('ends with the shutdown where the work has no end, and states that', async () => {
    stream.events.run('socket', () => new PassThrough());
    closeOpenCalls();
    expect((await written())[1]).toMatchObject({ event: 'completion', diagnostics: { closed_by: 'shutdown' } });
  });
});
