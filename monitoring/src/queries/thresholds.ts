import { readFileSync } from 'node:fs';
import { unitNamed } from './grafanaUnit.ts';

/** Where a value changes its colour. The first step has no value: it is what is below all others. */
export interface Steps {
  readonly steps: readonly { readonly value: number | null; readonly color: string }[];
  /** Grafana's unit of the values: a panel with another one would compare watts with shares. */
  readonly unit: string;
}

interface Limit {
  readonly value: number;
  readonly operator: string;
  readonly unit: string;
}

interface PanelSteps {
  readonly unit: string;
  readonly base: string;
  readonly steps: readonly { readonly value: number; readonly color: string }[];
}

// The same file from src/ and from dist/.
const file = new URL('../../thresholds.json', import.meta.url);
const { alerts, panels } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly alerts: Readonly<Record<string, readonly Limit[]>>;
  readonly panels: Readonly<Record<string, PanelSteps>>;
};

/**
 * The steps of a panel from the numbers of the alerts on the same value, from the mildest to the most severe: the last one is red,
 * those before are orange. The number of an alert is its first one: the others are conditions on other values.
 */
export function thresholdsOf(...names: readonly string[]): Steps {
  const limits = names.map((name) => {
    const limit = alerts[name]?.[0];
    if (limit === undefined) {
      throw new RangeError(`monitoring/thresholds.json has no number for the alert "${name}". Add it, or take it out.`);
    }
    return limit;
  });
  const colors = limits.map((_, index) => (index === limits.length - 1 ? 'red' : 'orange'));
  const [first] = limits;
  if (first === undefined) throw new RangeError('thresholdsOf() needs the name of an alert.');
  const unit = unitNamed(first.unit);
  if (limits.some((each) => each.operator !== first.operator || each.unit !== first.unit)) {
    throw new RangeError(`${names.join(', ')}: alerts of one panel compare one unit in one direction.`);
  }
  // Below a limit is the trouble: the colours start with the most severe one, and end with what is well.
  const steps = first.operator.startsWith('<')
    ? [
        { value: null, color: 'red' },
        ...limits.map(({ value }, index) => ({ value, color: colors[index - 1] ?? 'green' })).reverse(),
      ]
    : [
        { value: null, color: 'green' },
        ...limits.map(({ value }, index) => ({ value, color: colors[index] ?? 'red' })),
      ];
  return { steps, unit };
}

/** The same limit below 0 too: a deviation is trouble either way. */
export function eitherWay({ steps, unit }: Steps): Steps {
  const [well, ...above] = steps;
  if (well === undefined || above.length !== 1) throw new RangeError('Only one limit can be mirrored.');
  const [limit] = above;
  const below = { value: -(limit?.value ?? 0), color: well.color };
  return { steps: [{ value: null, color: limit?.color ?? 'red' }, below, ...above], unit };
}

/** The steps of a panel without an alert, by their name in the section `panels` of monitoring/thresholds.json. */
export function panelThresholds(name: string): Steps {
  const entry = panels[name];
  if (entry === undefined) throw new RangeError(`monitoring/thresholds.json has no panel "${name}". Add it.`);
  return { steps: [{ value: null, color: entry.base }, ...entry.steps], unit: unitNamed(entry.unit) };
}
