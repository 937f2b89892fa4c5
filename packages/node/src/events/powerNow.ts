import { isImpossiblePower, type Sample, type SampleConsumer, type SourceLoss } from '@benchlab-otel/core';

/** A sample that is older than this is stale, ns: 20 missed polls at the default rate. */
const freshNs = 1e9;

/** The power of the bench now, from the board that answered first. */
export class PowerNow implements SampleConsumer {
  #latest: Sample | undefined;

  sample(sample: Sample): void {
    if (sample.source.boundary !== 'dc_rails' || sample.totals?.system === undefined) return;
    if (isImpossiblePower(sample.totals.system)) return;
    if (this.#latest === undefined || this.#latest.source.id === sample.source.id) this.#latest = sample;
  }

  lost({ source }: SourceLoss): void {
    if (this.#latest?.source.id === source.id) this.#latest = undefined;
  }

  /** Undefined when no meter has a fresh sample. */
  at(nowNs: number): { readonly power_watts: number; readonly power_simulated?: true } | undefined {
    const watts = this.#latest?.totals?.system;
    if (this.#latest === undefined || watts === undefined || nowNs - this.#latest.timeNs > freshNs) return undefined;
    return this.#latest.source.simulated ? { power_watts: watts, power_simulated: true } : { power_watts: watts };
  }
}
