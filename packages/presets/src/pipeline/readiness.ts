import { createReport } from '@benchlab-otel/core';
import { recordMetric } from '@benchlab-otel/sdk';
import * as metric from '../registry/metrics.ts';

/** What the registry of operators has, as found by the latest check. */
export interface ReadinessState {
  readonly operators: readonly { readonly backend: string; readonly maturity: string }[];
  /** Binaries that were looked for and not found. */
  readonly missingBinaries: readonly { readonly backend: string; readonly binary: string }[];
}

/** Series of one gauge. Some ten backends with a handful of maturities are usual. */
const maxSeries = 500;

/**
 * Records how ready the backends are: `registry_operators` by backend and maturity, `registry_missing_binaries` by
 * backend. A series that an earlier check had and the latest one does not have is set to 0, because a gauge keeps its
 * last value. A backend that has operators and lacks no binary has 0 missing binaries.
 *
 * @example
 * const readiness = new Readiness();
 * readiness.record({ operators: registry.operators(), missingBinaries: await findMissing() });
 */
export class Readiness {
  readonly #operators = new Map<string, { readonly backend: string; readonly maturity: string }>();
  readonly #backends = new Set<string>();
  readonly #report = createReport('readiness');

  /** Records one check. Never throws: a state that cannot be read is reported through `diag`. */
  record(state: ReadinessState): void {
    try {
      this.#record(state);
    } catch (error) {
      this.#report('a state could not be recorded.', error);
    }
  }

  #record({ operators, missingBinaries }: ReadinessState): void {
    const counts = new Map<string, number>();
    for (const { backend, maturity } of operators) {
      const key = JSON.stringify([backend, maturity]);
      if (this.#fits(this.#operators, key)) this.#operators.set(key, { backend, maturity });
      if (this.#fits(this.#backends, backend)) this.#backends.add(backend);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const missing = new Map<string, Set<string>>();
    for (const { backend, binary } of missingBinaries) {
      if (this.#fits(this.#backends, backend)) this.#backends.add(backend);
      missing.set(backend, (missing.get(backend) ?? new Set()).add(binary));
    }
    for (const [key, labels] of this.#operators) recordMetric(metric.registryOperators, counts.get(key) ?? 0, labels);
    for (const backend of this.#backends) {
      recordMetric(metric.registryMissingBinaries, missing.get(backend)?.size ?? 0, { backend });
    }
  }

  #fits(known: { readonly size: number; has(key: string): boolean }, key: string): boolean {
    if (known.has(key) || known.size < maxSeries) return true;
    this.#report(`there are more than ${maxSeries} series; '${key}' was left out.`);
    return false;
  }
}
