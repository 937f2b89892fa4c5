import { entryAt, itemsOf, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import { baseSeries } from '../baseSeries.ts';
import { type Panel, quoted } from '../model/dashboard.ts';
import type { ReadQuery } from '../queries/readQueries.ts';
import { type DashboardRule, numberPanels, type Problem, type View } from '../rule.ts';
import { grafanaUnitsFor, isOwnUnit } from '../units/grafanaUnits.ts';
import type { Unit } from '../units/unit.ts';
import { unitOf } from '../units/unitOf.ts';
import { shownUnits } from './fieldUnits.ts';
import { unitsOf } from './panels.ts';

/** The unit of what a panel draws of a query. Of buckets in a heatmap, that of its axis. */
function unitOfQuery({ expression, panel }: ReadQuery, { run }: View): Unit | undefined {
  if (expression === undefined) return undefined;
  const unit = unitOf(expression, run.catalogue, run.recordedUnits);
  if (panel?.type === 'heatmap') return unit?.observed;
  // Buckets as bars are counts of what is on the other axis.
  return panel?.type === 'histogram' && unit?.observed !== undefined ? undefined : unit;
}

const unit: DashboardRule = {
  id: 'unit-differs',
  severity: 'error',
  reason: 'Milliseconds that are shown as seconds are wrong by a factor of a thousand, and look right.',
  fix: 'Set the unit that the series has, or convert the value in the query.',
  *find(view) {
    for (const read of view.queries) {
      const { panel } = read;
      if (panel === undefined) continue;
      yield* mixed(read, view);
      const axis = panel.type === 'heatmap' ? textAt(panel.options, 'yAxis', 'unit') : undefined;
      const shown = axis === undefined ? shownUnits(read) : [axis];
      const of = unitOfQuery(read, view);
      const right = of === undefined ? undefined : grafanaUnitsFor(of);
      if (right === undefined || shown.length === 0) continue;
      if (shown.some((name) => isOwnUnit(name) || right.includes(name))) continue;
      const at = entryAt(panel.fieldConfig, 'defaults', 'unit')?.value.at ?? panel.at;
      const message = `The panel shows ${shown.map(quoted).join(', ')}, and the query gives another unit.`;
      yield { ...read, at, message, fix: `Set the unit to ${right.slice(0, 3).join(' or ')}, or convert the value.` };
    }
  },
};

/** Two units on both sides of a plus or minus. Counts and shares are added to anything in practice. */
function* mixed(read: ReadQuery, { run }: View): Iterable<Problem> {
  for (const { expression } of read.parts) {
    if (expression.kind !== 'binary' || !/^[+-]$/.test(expression.operator)) continue;
    const [left, right] = [expression.left, expression.right].map((side) =>
      unitOf(side, run.catalogue, run.recordedUnits),
    );
    if (!left?.dimension || !right?.dimension || left.dimension === right.dimension) continue;
    const offset = read.replaced.original(expression.from);
    const message = `The query has two units that are not alike on both sides of ${expression.operator}.`;
    yield { ...read, at: read.written.at, offset, message, fix: 'Add or subtract values of one unit.' };
  }
}

interface Step {
  readonly value: number | undefined;
  readonly at: YamlNode['at'];
}

function stepsOf({ fieldConfig }: Panel): readonly Step[] {
  const thresholds = nodeAt(fieldConfig, 'defaults', 'thresholds');
  if (textAt(thresholds, 'mode') === 'percentage') return [];
  return itemsOf(nodeAt(thresholds, 'steps')).map((step) => {
    const text = textAt(step, 'value');
    return { value: text === undefined ? undefined : Number(text), at: step.at };
  });
}

/** Grafana's own first step, which it writes into every panel. */
const defaultStep = 80;

/** Whether the colours of steps are seen. Source: "Configure thresholds" in Grafana's documentation. */
function showsSteps({ type, fieldConfig }: Panel): boolean {
  const style = textAt(fieldConfig, 'defaults', 'custom', 'thresholdsStyle', 'mode') ?? 'off';
  const color = textAt(fieldConfig, 'defaults', 'color', 'mode');
  return style !== 'off' || color === 'thresholds' || (color === undefined && /^(stat|gauge|bargauge)$/.test(type));
}

const threshold: DashboardRule = {
  id: 'panel-threshold-differs',
  severity: 'error',
  reason: 'A panel that turns red at another number than the alert fires at is not believed.',
  fix: 'Write the number of thresholds.json, or add the steps of the panel to its section panels.',
  *find(view) {
    const { listedSteps: listed } = view.run;
    if (listed === undefined) return;
    for (const panel of numberPanels(view.dashboard)) {
      const steps = stepsOf(panel).filter(({ value }) => value !== undefined && value !== 0);
      const isDefault = steps.length === 1 && steps[0]?.value === defaultStep;
      if (steps.length === 0 || (isDefault && !showsSteps(panel))) continue;
      const shown = unitsOf(panel);
      const series = seriesOfPanel(panel, view);
      for (const { value = 0, at } of steps) {
        const alike = listed.filter((each) => each.valuesIn(shown).some((one) => isSameSize(one, value)));
        if (alike.some((each) => each.isAbout(series))) continue;
        const [first] = alike;
        const message =
          first === undefined
            ? `The step ${value} is not a number of thresholds.json in the unit of the panel.`
            : `The step ${value} is that of ${first.owner}, which is about other series.`;
        yield { panel, at, message };
      }
    }
  },
};

/** An alert on a difference compares its size: the panel has the step on both sides of 0. */
function isSameSize(a: number, b: number): boolean {
  return Math.abs(Math.abs(a) - Math.abs(b)) <= 1e-9 * Math.abs(b);
}

function seriesOfPanel(panel: Panel, { queries, run }: View): ReadonlySet<string> {
  const expressions = queries.flatMap((read) => (read.panel === panel ? (read.expression ?? []) : []));
  return new Set(expressions.flatMap((expression) => [...baseSeries(expression, run.recordings)]));
}

const base: DashboardRule = {
  id: 'threshold-base',
  severity: 'error',
  reason: 'Grafana takes the colour of the first step for all that is below the second: its number never acts.',
  fix: 'Begin with a step whose value is null, and put the others in rising order.',
  *find({ dashboard }) {
    for (const panel of numberPanels(dashboard)) {
      const steps = stepsOf(panel);
      const [first] = steps;
      if (first === undefined) continue;
      // Grafana takes the first step for everything below the second, and not its number; newer ones write 0.
      if (first.value !== undefined && first.value !== 0) {
        yield { panel, at: first.at, message: `The first step begins at ${first.value}.` };
      }
      for (const [index, { value, at }] of steps.entries()) {
        const before = index === 1 ? Number.NEGATIVE_INFINITY : (steps[index - 1]?.value ?? Number.POSITIVE_INFINITY);
        if (index === 0 || (value !== undefined && value > before)) continue;
        yield { panel, at, message: `The step ${value ?? 'null'} does not lie above the one before it.` };
      }
    }
  },
};

export const figureRules: readonly DashboardRule[] = [unit, threshold, base];
