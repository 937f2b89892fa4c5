import { EventEmitter } from 'node:events';
import { type ContextManager, context, diag, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextManager } from './contextManager.ts';
import { type CpuRig, cpuRig } from './cpuRig.suite.ts';
import { cpuTime } from './cpuTime.ts';

let rig: CpuRig;
beforeEach(() => {
  rig = cpuRig();
});
afterEach(() => rig.shutdown());

/** A turn of the real event loop. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('cpuTime', () => {
  it('gives the time of nested synchronous spans to the inner one, and both to the outer', () => {
    rig.inSpan('outer', () => {
      rig.work(1);
      rig.inSpan('inner', () => rig.work(2));
      rig.work(4);
    });
    expect([rig.selfMs('outer'), rig.totalMs('outer')]).toEqual([5, 7]);
    expect([rig.selfMs('inner'), rig.totalMs('inner')]).toEqual([2, 2]);
  });

  it('follows a span over awaits, and leaves out the time in which it waits', async () => {
    await rig.until(() =>
      rig.inSpan('op', async () => {
        rig.work(1);
        await rig.sleep(30);
        rig.work(2);
        await null;
        rig.work(4);
      }),
    );
    expect(rig.totalMs('op')).toBe(7);
  });

  it('keeps apart spans that run at once', async () => {
    await rig.until(() =>
      rig.inSpan('all', async () => {
        const part = (name: string, ms: number) =>
          rig.inSpan(name, async () => {
            for (let k = 0; k < 5; k++) {
              rig.work(ms);
              await rig.sleep(3);
            }
          });
        await Promise.all([part('a', 1), part('b', 2), part('c', 3)]);
        rig.work(7);
      }),
    );
    expect(['a', 'b', 'c', 'all'].map((name) => rig.selfMs(name))).toEqual([5, 10, 15, 7]);
    expect(rig.totalMs('all')).toBe(37);
  });

  it('follows a span into every kind of callback', async () => {
    const done: Promise<void>[] = [];
    const later = (schedule: (callback: () => void) => void, ms: number) =>
      done.push(
        new Promise((resolve) =>
          schedule(() => {
            rig.work(ms);
            resolve();
          }),
        ),
      );
    await rig.inSpan('op', async () => {
      later(setImmediate, 1);
      later((callback) => setTimeout(callback, 2), 2);
      later(process.nextTick, 4);
      later(queueMicrotask, 8);
      later((callback) => Promise.resolve().then(callback), 16);
      const emitter = new EventEmitter();
      emitter.on(
        'it',
        context.bind(context.active(), () => rig.work(32)),
      );
      const outside = (callback: () => void) => {
        emitter.emit('it');
        callback();
      };
      later((callback) => context.with(ROOT_CONTEXT, () => setImmediate(outside, callback)), 64);
      await Promise.all(done);
    });
    // The last callback runs outside of the span: only its bound listener counts.
    expect(rig.totalMs('op')).toBe(1 + 2 + 4 + 8 + 16 + 32);
  });

  it('gives the time of an async generator to the span that asks for its values', async () => {
    async function* values() {
      for (let k = 0; k < 3; k++) {
        rig.work(2);
        yield k;
        await null;
      }
    }
    await rig.inSpan('reader', async () => {
      for await (const _ of values()) rig.work(1);
    });
    expect(rig.totalMs('reader')).toBe(9);
  });

  it('gives work after the end of a span to the span above it', async () => {
    await rig.inSpan('outer', async () => {
      await rig.inSpan('inner', async (span) => {
        rig.work(1);
        span.end();
        rig.work(2);
        await turn();
        rig.work(4);
      });
    });
    expect([rig.totalMs('inner'), rig.selfMs('outer'), rig.totalMs('outer')]).toEqual([1, 6, 7]);
  });

  it('counts a child that outlives its parent in the parent until the parent ended, and above it to its own end', async () => {
    await rig.inSpan('root', async () => {
      let child: Promise<void> | undefined;
      rig.inSpan('parent', () => {
        child = rig.inSpan('child', async () => {
          rig.work(1);
          await turn();
          rig.work(2);
        });
      });
      await child;
    });
    expect(['child', 'parent', 'root'].map((name) => rig.totalMs(name))).toEqual([3, 1, 3]);
  });

  it('leaves the attributes out for a span that is never the active one', () => {
    rig.inSpan('active', () => {
      const quiet = trace.getTracer('rig').startSpan('quiet');
      rig.work(3);
      quiet.end();
    });
    expect(rig.ended.find(({ name }) => name === 'quiet')?.added).toBeUndefined();
    expect(rig.totalMs('active')).toBe(3);
  });

  it('gives an active span without any work 0 seconds', () => {
    rig.inSpan('idle', () => {});
    expect(rig.totalMs('idle')).toBe(0);
  });

  it('names the method on the span', () => {
    rig.inSpan('op', () => rig.work(1));
    expect(rig.ended[0]?.added).toEqual({
      'benchlab.cpu.seconds': 0.001,
      'benchlab.cpu.self.seconds': 0.001,
      'benchlab.cpu.method': 'async_hooks',
    });
  });

  it('goes on after work that throws or rejects', async () => {
    await rig.inSpan('outer', async () => {
      const failing = () =>
        rig.inSpan('sync', () => {
          rig.work(1);
          throw new Error('of the application');
        });
      expect(failing).toThrow('of the application');
      rig.work(2);
      const rejecting = rig.inSpan('async', async () => {
        rig.work(4);
        await turn();
        rig.work(8);
        throw new Error('of the application');
      });
      await expect(rejecting).rejects.toThrow('of the application');
      rig.work(16);
    });
    expect(['sync', 'async', 'outer'].map((name) => rig.selfMs(name))).toEqual([1, 12, 18]);
  });

  it('gives work outside of spans, and in spans that are not sampled, to no span', async () => {
    await rig.shutdown();
    rig = cpuRig({ sampled: false });
    rig.inSpan('unsampled', () => rig.work(5));
    expect(rig.ended).toEqual([]);
    expect(rig.cpu.state.method).toBe('none');
  });

  it('hands out the seconds of a span, while it runs and after it has ended', async () => {
    let spanId = '';
    await rig.inSpan('op', async (span) => {
      spanId = span.spanContext().spanId;
      rig.work(5);
      await turn();
      expect(rig.cpu.secondsOf({ spanId })?.totalSeconds).toBeCloseTo(0.005, 12);
      rig.work(1);
    });
    expect(rig.cpu.secondsOf({ spanId })?.totalSeconds).toBeCloseTo(0.006, 12);
    expect(rig.cpu.secondsOf({ spanId: 'another' })).toBeUndefined();
  });
});

describe('the bounds of cpuTime', () => {
  it('forgets the oldest span beyond its bound and counts it', async () => {
    await rig.shutdown();
    rig = cpuRig({ maxOpen: 2 });
    rig.inSpan('a', () =>
      rig.inSpan('b', () =>
        rig.inSpan('c', () => {
          rig.work(3);
        }),
      ),
    );
    expect(['a', 'b', 'c'].map((name) => rig.totalMs(name))).toEqual([undefined, 3, 3]);
    expect(rig.cpu.counts?.().map(({ value }) => value)).toEqual([1]);
  });

  it('remembers the figures of `maxEnded` ended spans, and of twice as many at most', async () => {
    await rig.shutdown();
    rig = cpuRig({ maxEnded: 10 });
    for (let k = 0; k < 100; k++) rig.inSpan('op', () => rig.work(1));
    const known = rig.ended.map((span) => rig.cpu.secondsOf(span)?.totalSeconds);
    expect(known.slice(90)).toEqual(new Array(10).fill(0.001));
    expect(known.slice(0, 80)).toEqual(new Array(80).fill(undefined));
  });

  it('survives a million spans that never end', () => {
    const cpu = cpuTime();
    const tracer = trace.getTracer('rig');
    const at = { traceId: 't', name: 'n', kind: 0, startNs: 0 };
    const span = tracer.startSpan('never');
    for (let k = 0; k < 1e6; k++) cpu.spanStarted?.(span, ROOT_CONTEXT, { ...at, spanId: `${k}` });
    expect(cpu.counts?.().map(({ value }) => value)).toEqual([1e6 - 16_384]);
    cpu.stop();
  }, 60_000);

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s as a bound', (value) => {
    expect(() => cpuTime({ maxOpen: value })).toThrow('maxOpen is ');
    expect(() => cpuTime({ maxEnded: value })).toThrow('maxEnded is ');
  });

  it('ignores a second start and a second end of a span, and ends that it never saw start', () => {
    const { cpu } = rig;
    const span = trace.wrapSpanContext({ traceId: 't', spanId: 's', traceFlags: 1 });
    const end = { traceId: 't', spanId: 's', name: 'n', kind: 0, startNs: 0, endNs: 1, uncertaintyNs: 0 };
    expect(cpu.spanEnded?.({ ...end, attributes: {} })).toBeUndefined();
    cpu.spanStarted?.(span, ROOT_CONTEXT, end);
    cpu.spanStarted?.(span, ROOT_CONTEXT, end);
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => rig.work(2));
    expect(cpu.spanEnded?.({ ...end, attributes: {} })).toMatchObject({ 'benchlab.cpu.seconds': 0.002 });
    expect(cpu.spanEnded?.({ ...end, attributes: {} })).toBeUndefined();
    expect(cpu.secondsOf(end)?.totalSeconds).toBe(0.002);
  });
});

describe('cpuTime in a process that it cannot measure', () => {
  const messages: string[] = [];
  beforeEach(() => {
    messages.length = 0;
    const take = (message: string) => messages.push(message);
    diag.setLogger({ error: take, warn: take, info: () => {}, debug: () => {}, verbose: () => {} });
  });
  afterEach(() => diag.disable());

  it('has no figures without a context manager, and reports why', () => {
    context.disable();
    rig.inSpan('op', () => rig.work(1));
    expect(rig.ended[0]?.added).toBeUndefined();
    expect(rig.cpu.state).toEqual({
      method: 'none',
      reason: 'No context manager is registered, so that no span is ever active.',
    });
  });

  it('has no figures with a context manager that cannot be wrapped, and reports that once', () => {
    const frozen = Object.freeze(contextManager()!);
    rig.inSpan('op', () => rig.work(1));
    rig.inSpan('op', () => rig.work(1));
    expect(rig.ended.map(({ added }) => added)).toEqual([undefined, undefined]);
    expect(rig.cpu.state).toMatchObject({ method: 'none' });
    expect(messages).toEqual([expect.stringMatching(/^cpuTime: spans get no CPU time\..*with/)]);
    expect(Object.isFrozen(frozen)).toBe(true);
  });

  it('follows the context manager that is registered later', () => {
    const first = contextManager()!;
    context.disable();
    rig.inSpan('before', () => rig.work(1));
    context.setGlobalContextManager(first);
    rig.inSpan('after', () => rig.work(2));
    expect([rig.totalMs('before'), rig.totalMs('after')]).toEqual([undefined, 2]);
  });

  it('does no harm with a context manager that throws', async () => {
    const manager = contextManager()!;
    rig.inSpan('before', () => rig.work(1));
    const { active } = manager;
    manager.active = () => {
      throw new Error('of the context manager');
    };
    await turn();
    manager.active = active;
    rig.inSpan('after', () => rig.work(2));
    expect(rig.totalMs('after')).toBe(2);
  });

  it('leaves the context manager as it was when it is stopped, and may be stopped twice', () => {
    const manager = contextManager()!;
    const { with: original } = manager;
    rig.inSpan('op', () => rig.work(1));
    expect(manager.with).not.toBe(original);
    rig.cpu.stop();
    rig.cpu.stop();
    expect(manager.with).toBe(original);
    expect(Object.hasOwn(manager, 'with')).toBe(false);
    rig.inSpan('late', () => rig.work(1));
    expect(rig.totalMs('late')).toBeUndefined();
    expect(rig.cpu.state).toEqual({ method: 'none', reason: 'It was stopped.' });
  });

  it('passes everything on where another library has wrapped the context manager after it', () => {
    const manager: ContextManager = contextManager()!;
    rig.inSpan('op', () => rig.work(1));
    const ours = manager.with;
    manager.with = (at, work, thisArg, ...args) => Reflect.apply(ours, manager, [at, work, thisArg, ...args]);
    rig.cpu.stop();
    expect(context.with(ROOT_CONTEXT, (a: number, b: number) => a + b, undefined, 1, 2)).toBe(3);
  });
});
