import type { CheckedRule } from './alertRule.ts';
import type { AlertSample } from './alertSamples.ts';

/** An alert whose condition holds now. */
export interface ActiveAlert {
  /** Of its rule and its labels: the same alert at each look. */
  readonly key: string;
  readonly rule: CheckedRule;
  /** With `alertname` and `severity`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Since when the condition holds: CLOCK_MONOTONIC, ns. */
  readonly sinceNs: number;
  /** It has held for as long as the rule asks. */
  readonly isFiring: boolean;
  /** Of the series at the latest look. Undefined where it is absent. */
  readonly value: number | undefined;
}

/** Alerts of all rules at one time; further ones are counted. */
const maxActive = 500;

/** Holds each rule against each look at the metrics. Pure: times and samples come in. */
export class AlertStates {
  readonly #rules: readonly CheckedRule[];
  #active = new Map<string, ActiveAlert>();
  #dropped = 0;

  constructor(rules: readonly CheckedRule[]) {
    this.#rules = rules;
  }

  /** Names of the series that the rules are about. */
  get wanted(): ReadonlySet<string> {
    return new Set(this.#rules.map(({ series }) => series));
  }

  get firing(): readonly ActiveAlert[] {
    return [...this.#active.values()].filter(({ isFiring }) => isFiring);
  }

  /** Alerts that found no room since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  look(samples: readonly AlertSample[], nowNs: number): void {
    const next = new Map<string, ActiveAlert>();
    for (const rule of this.#rules) {
      const matching = samples.filter((sample) => isOf(rule, sample));
      for (const { labels, value } of violations(rule, matching)) this.#keep(next, rule, labels, value, nowNs);
    }
    this.#active = next;
  }

  #keep(
    next: Map<string, ActiveAlert>,
    rule: CheckedRule,
    ofSeries: Readonly<Record<string, string>>,
    value: number | undefined,
    nowNs: number,
  ): void {
    const labels = { ...ofSeries, alertname: rule.name, severity: rule.severity };
    const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (next.size >= maxActive) {
      this.#dropped += 1;
      return;
    }
    const sinceNs = this.#active.get(key)?.sinceNs ?? nowNs;
    const isFiring = nowNs - sinceNs >= (rule.forMs ?? 0) * 1e6;
    next.set(key, { key, rule, labels, sinceNs, isFiring, value });
  }
}

function isOf({ series, labels = {} }: CheckedRule, sample: AlertSample): boolean {
  return sample.name === series && Object.entries(labels).every(([name, value]) => sample.labels[name] === value);
}

function violations(
  { condition, labels = {} }: CheckedRule,
  samples: readonly AlertSample[],
): readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number | undefined }[] {
  if (condition.kind === 'absent') return samples.length === 0 ? [{ labels, value: undefined }] : [];
  return samples.filter(({ value }) => condition.holds(value));
}
