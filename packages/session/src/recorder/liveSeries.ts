import { attribute, metric, type SelfCount } from '@benchlab-otel/core';
import type { LatencyRow } from '@benchlab-otel/wire';
import { type Attributes, type Histogram, metrics } from '@opentelemetry/api';
import type { LiveCounts } from '../align/liveAlign.ts';

interface Latest {
  readonly latencyMs: number;
  readonly simulated: boolean;
}

/** The series of a recording: the latencies as a histogram, and what is read when metrics are collected. */
export class LiveSeries {
  readonly #latest = new Map<string, Latest>();
  readonly #attributes = new Map<string, Attributes>();
  #power: { readonly watts: number; readonly simulated: boolean } | undefined;
  #instrument: { readonly of: unknown; readonly histogram: Histogram } | undefined;

  row({ pair, latencyMs, ...row }: LatencyRow): void {
    const name = nameOf(pair);
    const simulated = row.simulated === true;
    this.#latest.set(name, { latencyMs, simulated });
    this.#histogram().record(latencyMs / 1e3, this.#attributesOf(name, simulated));
  }

  power(watts: number, simulated: boolean): void {
    this.#power = { watts, simulated };
  }

  /** The board is gone: its last value is not its power now. */
  noPower(): void {
    this.#power = undefined;
  }

  counts(pairs: readonly LiveCounts[]): readonly SelfCount[] {
    const power = this.#power;
    const watts: SelfCount[] =
      power === undefined
        ? []
        : [{ definition: metric.benchlabPowerW, value: power.watts, attributes: this.#mark(power.simulated) }];
    return [...watts, ...pairs.flatMap((each) => this.#ofPair(each))];
  }

  #ofPair({ pair, dropped }: LiveCounts): readonly SelfCount[] {
    const name = nameOf(pair);
    const latest = this.#latest.get(name);
    const attributes = this.#attributesOf(name, latest?.simulated ?? false);
    const counts = [
      { definition: metric.benchlabPipelineFramesDropped, value: dropped, attributes },
      { definition: metric.benchlabPipelineDropped, value: dropped, attributes },
    ];
    if (latest === undefined) return counts;
    return [...counts, { definition: metric.benchlabPipelineLatencyMs, value: latest.latencyMs, attributes }];
  }

  /** The same object for the same words. */
  #attributesOf(pair: string, simulated: boolean): Attributes {
    return this.#kept(`${pair}/${simulated}`, { [attribute.pair]: pair }, simulated);
  }

  #mark(simulated: boolean): Attributes {
    return this.#kept(String(simulated), {}, simulated);
  }

  #kept(key: string, words: Attributes, simulated: boolean): Attributes {
    const known = this.#attributes.get(key);
    if (known !== undefined) return known;
    const made = simulated ? { ...words, [attribute.simulated]: true } : words;
    this.#attributes.set(key, made);
    return made;
  }

  /** An instrument does not survive a change of the provider. */
  #histogram(): Histogram {
    const provider = metrics.getMeterProvider();
    if (this.#instrument?.of === provider) return this.#instrument.histogram;
    const { name, unit, description, buckets = [] } = metric.benchlabPipelineLatency;
    const advice = { explicitBucketBoundaries: [...buckets] };
    const histogram = provider.getMeter('@benchlab-otel/session').createHistogram(name, { unit, description, advice });
    this.#instrument = { of: provider, histogram };
    return histogram;
  }
}

/** The label of the seed is a tuple of Python; here it is the name of the exported file. */
function nameOf([from, to]: readonly [string, string]): string {
  return `${from}_to_${to}`;
}
