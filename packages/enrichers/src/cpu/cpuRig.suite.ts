import type { EndedSpan, Enricher } from '@benchlab-otel/core';
import { ManualClock } from '@benchlab-otel/core/testing';
import { type Attributes, context, type Span, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AlwaysOffSampler, AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { type CpuTime, type CpuTimeOptions, cpuTime } from './cpuTime.ts';
import type { LoopClock } from './loopClock.ts';

export interface RigSpan {
  readonly name: string;
  readonly spanId: string;
  readonly startNs: number;
  readonly endNs: number;
  readonly added: Attributes | undefined;
}

export interface CpuRig {
  readonly cpu: CpuTime;
  readonly clock: ManualClock;
  readonly ended: readonly RigSpan[];
  /** Uses the CPU for `ms`: the event loop is blocked and time passes. */
  work(ms: number): void;
  /** Waits without using the CPU. */
  sleep(ms: number): Promise<void>;
  /** Runs `run` while time moves on between its pieces of work, until it has settled. */
  until<T>(run: () => Promise<T>): Promise<T>;
  inSpan<T>(name: string, run: (span: Span) => T): T;
  /** What was put on the only span of that name, in milliseconds; undefined where there is nothing. */
  selfMs(name: string): number | undefined;
  totalMs(name: string): number | undefined;
  shutdown(): Promise<void>;
}

/**
 * A real SDK with its context manager on the real event loop, and CPU time that the test itself counts: time moves
 * in `work`, and between pieces of work to the next one that is due.
 */
export function cpuRig(options: Omit<CpuTimeOptions, 'clock'> & { readonly sampled?: boolean } = {}): CpuRig {
  const { sampled = true, ...rest } = options;
  const clock = new ManualClock();
  let workedNs = 0;
  const startNs = clock.nowNs();
  const loop: LoopClock = {
    wallNs: () => clock.nowNs(),
    cpuNs: () => workedNs,
    idleNs: () => clock.nowNs() - startNs - workedNs,
  };
  const cpu = cpuTime({ ...rest, clock: loop });
  const ended: RigSpan[] = [];
  const provider = new TracerProvider({
    sampler: sampled ? new AlwaysOnSampler() : new AlwaysOffSampler(),
    spanProcessors: [enriching(cpu, clock, ended)],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = provider.getTracer('rig');
  const only = (name: string) => {
    const found = ended.filter((each) => each.name === name);
    if (found.length !== 1) throw new Error(`${found.length} spans are named ${name}.`);
    return found[0]?.added;
  };
  const inMs = (value: unknown) => (typeof value === 'number' ? Math.round(value * 1e9) / 1e6 : undefined);
  return {
    cpu,
    clock,
    ended,
    work(ms) {
      workedNs += ms * 1e6;
      clock.jumpMs(ms);
    },
    sleep: (ms) => new Promise((resolve) => clock.at(clock.nowNs() + ms * 1e6, resolve)),
    async until(run) {
      let isSettled = false;
      const result = run().finally(() => {
        isSettled = true;
      });
      result.catch(() => {});
      while (!isSettled) await clock.advanceMs(1);
      return result;
    },
    inSpan: (name, run) =>
      tracer.startActiveSpan(name, (span) => {
        let result: ReturnType<typeof run>;
        try {
          result = run(span);
        } catch (error) {
          span.end();
          throw error;
        }
        if (result instanceof Promise) return result.finally(() => span.end()) as typeof result;
        span.end();
        return result;
      }),
    selfMs: (name) => inMs(only(name)?.['benchlab.cpu.self.seconds']),
    totalMs: (name) => inMs(only(name)?.['benchlab.cpu.seconds']),
    async shutdown() {
      cpu.stop();
      await provider.shutdown();
      trace.disable();
      context.disable();
    },
  };
}

/** Calls the enricher for each sampled span, as the processor of packages/node does. */
function enriching(enricher: Enricher, clock: ManualClock, ended: RigSpan[]) {
  const starts = new Map<string, number>();
  return {
    onStart(span: Span & { readonly name: string }, parent: Parameters<NonNullable<Enricher['spanStarted']>>[1]) {
      const { traceId, spanId } = span.spanContext();
      starts.set(spanId, clock.nowNs());
      enricher.spanStarted?.(span, parent, {
        traceId,
        spanId,
        name: span.name,
        kind: SpanKind.INTERNAL,
        startNs: clock.nowNs(),
      });
    },
    onEnd(span: { readonly name: string; spanContext(): { readonly traceId: string; readonly spanId: string } }) {
      const { traceId, spanId } = span.spanContext();
      const startNs = starts.get(spanId) ?? Number.NaN;
      const endNs = clock.nowNs();
      const life: EndedSpan = {
        traceId,
        spanId,
        name: span.name,
        kind: SpanKind.INTERNAL,
        startNs,
        endNs,
        uncertaintyNs: 0,
        attributes: {},
      };
      const added = enricher.spanEnded?.(life);
      if (added instanceof Promise) throw new TypeError('CPU time is known when the span ends.');
      ended.push({ name: span.name, spanId, startNs, endNs, added });
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
