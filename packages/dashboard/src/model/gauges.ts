import { TimeColumns } from './timeColumns.ts';

/** What a gauge measures. */
export type GaugeKind = 'power' | 'tokens';

/** Values of one source over time. */
export interface Gauge {
  readonly kind: GaugeKind;
  readonly node: string;
  /** The meter, or the component that states its rate of tokens. */
  readonly source: string;
  /** One column: W, or tokens a second. */
  readonly values: TimeColumns;
  isSimulated: boolean;
}

/** Gauges; with their rows all of them take 33 MB at most. */
const mostGauges = 32;
/** Rows of a gauge: 15 minutes at 72 Hz. */
const mostRows = 65_536;

/** The gauges of all nodes. */
export class Gauges {
  /** Values of gauges beyond the bound. */
  refused = 0;
  readonly #gauges = new Map<string, Gauge>();

  get all(): readonly Gauge[] {
    return [...this.#gauges.values()];
  }

  add(kind: GaugeKind, node: string, source: string, timeMs: number, value: number, isSimulated: boolean): void {
    const key = JSON.stringify([kind, node, source]);
    const gauge = this.#gauges.get(key) ?? this.#newGauge(key, { kind, node, source });
    if (gauge === undefined) {
      this.refused++;
      return;
    }
    gauge.values.add(timeMs, value);
    gauge.isSimulated ||= isSimulated;
  }

  /**
   * The power of a node: of its meters the one with the newest sample. Meters are not added up, because two of them may measure
   * the same rail: name them as two nodes where they are two benches.
   */
  powerOf(node: string): Gauge | undefined {
    return this.newest('power', (gauge) => gauge.node === node);
  }

  newest(kind: GaugeKind, isWanted: (gauge: Gauge) => boolean = () => true): Gauge | undefined {
    let found: Gauge | undefined;
    for (const gauge of this.#gauges.values()) {
      if (gauge.kind !== kind || !isWanted(gauge)) continue;
      if (found === undefined || newestMs(gauge) > newestMs(found)) found = gauge;
    }
    return found;
  }

  copy(): Gauges {
    const made = new Gauges();
    made.refused = this.refused;
    for (const [key, gauge] of this.#gauges) made.#gauges.set(key, { ...gauge, values: gauge.values.copy() });
    return made;
  }

  #newGauge(key: string, names: Pick<Gauge, 'kind' | 'node' | 'source'>): Gauge | undefined {
    if (this.#gauges.size >= mostGauges) return undefined;
    const made = { ...names, values: new TimeColumns(1, mostRows), isSimulated: false };
    this.#gauges.set(key, made);
    return made;
  }
}

function newestMs({ values }: Gauge): number {
  return values.newestMs ?? Number.NEGATIVE_INFINITY;
}
