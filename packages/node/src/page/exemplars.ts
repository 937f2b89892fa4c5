import { createReport } from '@benchlab-otel/core';
import type { Attributes, Meter, MeterProvider } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import { ExemplarMeter, type RecentOf } from './exemplarMeter.ts';
import { type Exemplar, RecentExemplars } from './recentExemplars.ts';

/** Instruments that have exemplars; further ones have none. */
const maxInstruments = 2000;

/** What the page shows in place of what was recorded. */
export interface ExemplarRedaction {
  labels(attributes: Attributes): Attributes;
  text(text: string, place: string): string;
}

/**
 * The latest exemplars of every instrument. The SDK has none, so a provider around that of the SDK takes them where values
 * are recorded. When the page is scraped, it finds the series of an exemplar by its attributes.
 */
export class Exemplars {
  readonly #report = createReport('metrics page');
  readonly #recent = new Map<string, RecentExemplars>();
  /** The same name and version give the same meter, as in the SDK. */
  readonly #meters = new WeakMap<Meter, Meter>();
  readonly #redaction: ExemplarRedaction | undefined;

  constructor(redaction?: ExemplarRedaction) {
    this.#redaction = redaction;
  }

  /** A provider whose histograms and counters also leave exemplars here. */
  around(inner: MeterProvider): MeterProvider {
    return {
      getMeter: (name, version, options) => {
        const meter = inner.getMeter(name, version, options);
        const known = this.#meters.get(meter) ?? new ExemplarMeter(meter, this.#recentOf(name, version));
        this.#meters.set(meter, known);
        return known;
      },
    };
  }

  /** Newest first. */
  of({ name, version }: InstrumentationScope, instrument: string): readonly Exemplar[] {
    const newest = this.#recent.get(keyOf(name, version, instrument))?.newestFirst() ?? [];
    const redaction = this.#redaction;
    if (redaction === undefined) return newest;
    return newest.map((exemplar) => ({ ...exemplar, attributes: redaction.labels(exemplar.attributes) }));
  }

  #redactedKey(scope: string, version: string | undefined, instrument: string): string {
    const text = (given: string, place: string): string => this.#redaction?.text(given, place) ?? given;
    return keyOf(text(scope, 'scope.name'), version && text(version, 'scope.version'), text(instrument, 'metric.name'));
  }

  #recentOf(scope: string, version: string | undefined): RecentOf {
    return (instrument, bounds, perBucket) => {
      const key = this.#redactedKey(scope, version, instrument);
      const known = this.#recent.get(key);
      if (known !== undefined) return known;
      if (this.#recent.size >= maxInstruments) {
        this.#report(`${instrument} has no exemplars: they are kept of ${maxInstruments} instruments.`);
        return undefined;
      }
      const recent = new RecentExemplars(bounds, perBucket);
      this.#recent.set(key, recent);
      return recent;
    };
  }
}

function keyOf(scope: string, version: string | undefined, instrument: string): string {
  return JSON.stringify([scope, version ?? '', instrument]);
}
