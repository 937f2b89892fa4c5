import type { Rule } from '../rules/ruleFile.ts';
import type { PanelSteps, Thresholds } from '../rules/thresholds.ts';
import { baseSeries, type Recordings } from './baseSeries.ts';
import { grafanaUnitsFor, shownBy } from './units/grafanaUnits.ts';
import { type Unit, unitOfCode } from './units/unit.ts';

/** A number of thresholds.json, which a step of a panel may be. */
export interface ListedStep {
  /** The alert, or the entry of the section panels. */
  readonly owner: string;
  /** The number as panels with one of these units show it. */
  valuesIn(shown: readonly string[]): readonly number[];
  /** Whether its alert watches one of these series. Without rule files that is not known. */
  isAbout(series: ReadonlySet<string>): boolean;
}

/** Every number of thresholds.json: of its alerts, and of its section panels. */
export function listedSteps(
  thresholds: Thresholds,
  panelSteps: Readonly<Record<string, PanelSteps>>,
  alerts: readonly Rule[],
  recordings: Recordings,
): readonly ListedStep[] {
  const step = (owner: string, value: number, code: string, watched?: ReadonlySet<string>): ListedStep => {
    const of = unitOfCode(code);
    return {
      owner,
      valuesIn: (shown) => valuesIn(value, of, shown),
      isAbout: (series) => watched === undefined || series.size === 0 || [...watched].some((name) => series.has(name)),
    };
  };
  const watched = new Map(alerts.map(({ name, expression }) => [name, baseSeries(expression, recordings)]));
  return [
    ...Object.entries(thresholds).flatMap(([alert, numbers]) =>
      numbers.map(({ value, unit: code }) => step(`the alert ${alert}`, value, code, watched.get(alert))),
    ),
    ...Object.entries(panelSteps).flatMap(([name, { unit: code, steps }]) =>
      steps.map(({ value }) => step(`the panel ${name}`, value, code)),
    ),
  ];
}

/** A threshold as a panel with one of these units shows it. */
function valuesIn(value: number, of: Unit | undefined, shown: readonly string[]): readonly number[] {
  if (of === undefined || shown.length === 0) return [value];
  return shown.flatMap((name) => {
    const as = shownBy(name);
    if (as === undefined || grafanaUnitsFor(of)?.includes(name)) return [value];
    return as.dimension === of.dimension ? [(value * as.scale) / of.scale] : [];
  });
}
