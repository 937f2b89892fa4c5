import { attribute } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { NamedSpan } from '../energy/frontier.ts';
import { placedSpans } from '../energy/placedSpans.ts';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';

/** Received spans for the energy of operations, and what became of their time on the CPU. */
export interface CpuTimedSpans {
  readonly spans: readonly NamedSpan[];
  /** By what operations that overlap divide the bench. */
  readonly weights: 'cpu_time' | 'equal';
  /** Spans whose time on the CPU is impossible: it is not used. */
  readonly invalid: number;
  /** Spans that got the mean share of their operation, because they state none. */
  readonly filled: number;
  /** Operations without it, where others state it: they are the reason for equal parts. */
  readonly without: readonly string[];
}

/** An operation states its time on the CPU when spans with this share of its time do. */
const statedFrom = 0.95;

/**
 * Takes the time on the CPU from the attributes of spans. It divides the bench only if every operation states it: what a
 * span without it used while others ran is not known, and neither 0 nor a whole CPU would be true. In an operation that
 * states it, a few spans may lack it: they get the mean share of the others.
 */
export function cpuTimedSpans(received: readonly ReceivedSpan[]): CpuTimedSpans {
  const shares = new Map<string, OperationShare>();
  let invalid = 0;
  const times = received.map((span) => {
    const time = cpuTimeOf(span.attributes);
    if (time === 'invalid') invalid++;
    const share = shares.get(span.name) ?? new OperationShare();
    shares.set(span.name, share);
    const known = typeof time === 'object' ? time : undefined;
    share.add((span.endNs - span.startNs) * 1e-9, known);
    return known;
  });
  const without = [...shares].filter(([, share]) => !share.isStated).map(([name]) => name);
  const isWeighted = received.length > 0 && without.length === 0;
  let filled = 0;
  const spans = received.map((span, k): NamedSpan => {
    const { traceId, spanId, parentSpanId, name, startNs, endNs, uncertaintyNs } = span;
    if (isWeighted && times[k] === undefined) filled++;
    const cpuSeconds = isWeighted ? (times[k] ?? shares.get(name)?.of((endNs - startNs) * 1e-9)) : undefined;
    return {
      // Span ids are unique in their trace only.
      spanId: traceId + spanId,
      ...(parentSpanId === undefined ? {} : { parentSpanId: traceId + parentSpanId }),
      name,
      startNs,
      endNs,
      uncertaintyNs,
      ...(cpuSeconds === undefined ? {} : { cpuSeconds }),
    };
  });
  const processes = new Processes();
  const isStatedAtAll = times.some((time) => time !== undefined);
  return {
    spans: placedSpans(spans, (index) => processes.of(received[index]?.resource)),
    weights: isWeighted ? 'cpu_time' : 'equal',
    invalid,
    filled,
    without: isStatedAtAll ? without : [],
  };
}

/** Spans of one process have equal resources. Each scope has an object of its own. */
class Processes {
  readonly #names = new Map<object | undefined, string>();

  of(resource: Attributes | undefined): string {
    const name = this.#names.get(resource) ?? JSON.stringify(resource ?? {});
    this.#names.set(resource, name);
    return name;
  }
}

interface CpuTime {
  readonly total: number;
  readonly self: number;
}

function cpuTimeOf(attributes: Attributes): CpuTime | 'invalid' | undefined {
  const total = attributes[attribute.cpuSeconds];
  const self = attributes[attribute.cpuSelfSeconds];
  if (total === undefined && self === undefined) return undefined;
  return isSeconds(total) && isSeconds(self) ? { total, self } : 'invalid';
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

/** The time on the CPU of the spans of one operation, as a share of their duration. */
class OperationShare {
  #seconds = 0;
  #statedSeconds = 0;
  #total = 0;
  #self = 0;

  add(seconds: number, time: CpuTime | undefined): void {
    this.#seconds += seconds;
    if (time === undefined) return;
    this.#statedSeconds += seconds;
    this.#total += time.total;
    this.#self += time.self;
  }

  get isStated(): boolean {
    return this.#statedSeconds >= statedFrom * this.#seconds;
  }

  of(seconds: number): CpuTime {
    const share = this.#statedSeconds === 0 ? 0 : seconds / this.#statedSeconds;
    return { total: this.#total * share, self: this.#self * share };
  }
}
