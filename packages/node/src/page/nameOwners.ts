import { metric as registry } from '@benchlab-otel/core';
import type { PageFamily } from './pageFamilies.ts';
import type { PageNames } from './pageNames.ts';

/** Families whose names are remembered. The SDK never forgets an instrument, so only producers can reach it. */
const maxFamilies = 10_000;

/** The page's metrics about itself. */
const ownMetrics = [
  registry.benchlabPageMergedPoints,
  registry.benchlabPageDroppedMetrics,
  registry.benchlabPageDroppedPoints,
  registry.benchlabPageOverflow,
];

interface Owner {
  readonly type: PageFamily['type'];
  /** The name of the family in OpenMetrics; undefined for a counter whose type is unknown there. */
  stem: string | undefined;
}

/**
 * The names of a page, for as long as the process runs: the family that had a name first keeps it, so that its TYPE never
 * changes. All formats share them, so that a page has the same series in each.
 *
 * OpenMetrics reserves more names for a family than its samples have: the counter `x_total` also has `x` and `x_created`,
 * the histogram `x` has `x_created`, and `target_info` has `target`. Source: OpenMetrics 1.0, "MetricFamily", "Suffixes".
 */
export class NameOwners {
  /** The name of the family that has a name. */
  readonly #taken: Map<string, string>;
  readonly #families = new Map<string, Owner>();
  readonly #infoStem: string;
  #isInfo: boolean | undefined;

  constructor(names: PageNames) {
    const info = names.given('target_info');
    const own = [info, ...ownMetrics.map((metric) => names.metric(metric))];
    this.#taken = new Map(own.map((name) => [name, name]));
    this.#infoStem = info.replace(/_info$/, '');
  }

  /** Takes the names of a family at its first scrape. Returns the reason where another family has one of them. */
  take(name: string, type: PageFamily['type']): string | undefined {
    const known = this.#families.get(name);
    if (known?.type === type) return undefined;
    if (known !== undefined) return `${name} is already a ${known.type}, and this one is a ${type}`;
    const suffixes = type === 'histogram' ? ['', '_bucket', '_sum', '_count', '_created'] : [''];
    const names = suffixes.map((suffix) => name + suffix);
    const taken = names.find((each) => this.#taken.has(each));
    if (taken !== undefined) return `${taken} is already a name of the metric ${this.#taken.get(taken)}`;
    if (this.#families.size >= maxFamilies) return `the page has had ${maxFamilies} other metrics`;
    for (const each of names) this.#taken.set(each, name);
    this.#families.set(name, { type, stem: type === 'counter' ? undefined : name });
    return undefined;
  }

  /**
   * Takes the names that only OpenMetrics has, after all families of the scrape have theirs: `target` first. Where they are
   * taken, `target_info` is a gauge and the counter has the type unknown, from now on.
   */
  takeStems(fresh: readonly string[]): void {
    this.#isInfo ??= this.#takeAll([this.#infoStem], this.#infoStem);
    for (const name of fresh) {
      const owner = this.#families.get(name);
      const stem = owner?.type === 'counter' ? /^(.+)_total$/s.exec(name)?.[1] : undefined;
      if (owner && stem !== undefined && this.#takeAll([stem, `${stem}_created`], name)) owner.stem = stem;
    }
  }

  has(name: string): boolean {
    return this.#families.has(name);
  }

  /**
   * The name of the family in OpenMetrics: of a counter, its name without `_total`. Undefined where that is impossible,
   * because the strategy leaves out `_total` or another family has the name. Then the counter has the type unknown there,
   * because the format must not change the name of a series.
   */
  stemOf(name: string): string | undefined {
    return this.#families.get(name)?.stem;
  }

  get isInfo(): boolean {
    return this.#isInfo === true;
  }

  #takeAll(names: readonly string[], owner: string): boolean {
    if (names.some((name) => this.#taken.has(name))) return false;
    for (const name of names) this.#taken.set(name, owner);
    return true;
  }
}
