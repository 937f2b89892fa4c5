import { attribute, metric, prometheusName } from '@benchlab-otel/core';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { bars } from '../panels/bars.ts';
import { heatmap } from '../panels/heatmap.ts';
import { lines, stacked } from '../panels/lines.ts';
import type { PanelDefinition } from '../panels/panelDefinition.ts';
import { table } from '../panels/table.ts';
import { heat, increase, marked, maxBy, mean, minBy, quantile, quotient, rate, sumBy } from '../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../queries/grafanaUnit.ts';
import { type Expression, query } from '../queries/queryShape.ts';
import { countOf, labels, legend, matching, namedByJob, selector, sumOf } from '../queries/selector.ts';
import { thresholdsOf } from '../queries/thresholds.ts';
import { labelVariable, serviceVariablesOf, sourceVariables } from '../queries/variables.ts';

const energy = metric.benchlabOperationEnergy;
const series = `${prometheusName(energy)}_count`;
const byOperation = [attribute.operation, attribute.powerRole, attribute.simulated];
const byRole = [attribute.powerRole, attribute.simulated];
const operationLegend = `${legend(attribute.operation)} ${legend(attribute.powerRole)}{{simulated}}`;
// Two services can have an operation of one name, whose joules add up only within a service.
const ofJob = ['job', ...byOperation];
const jobLegend = `${operationLegend} ({{job}})`;
const roleLegend = `${legend(attribute.powerRole)}{{simulated}}`;
const ofOperation = matching(attribute.operation, '=~', '$operation');
const ofRole = matching(attribute.powerRole, '=~', '$role');
const nothing = 'No operation has energy';
const joules = grafanaUnit(energy);
const wide = { width: 12, height: 10 };
// One line for each operation and host, and for emulated boards: more than a legend below has room for.
const full = { width: 24, height: 9 };
const least = { min: 0 } as const;

/** Joules of each operation: what a call costs, which operation costs most, and what no operation explains. */
export function energyPerOperation(): DashboardDefinition {
  const chosen = 'job=~"$job",instance=~"$instance"';
  return {
    name: 'energy-per-operation',
    folder: 'Bench',
    title: 'Energy per operation',
    description:
      'Joules of each operation of the services: what a call costs, which costs most, and what remains unexplained. Figures of emulated boards are marked as simulated.',
    tags: ['bench', 'energy'],
    from: 'now-1h',
    refresh: '30s',
    variables: [
      ...sourceVariables(),
      ...serviceVariablesOf(energy, metric.hwHostEnergy),
      labelVariable('operation', 'Operation', `${series}{${chosen}}`, attribute.operation),
      labelVariable('role', 'Role', `${series}{${chosen}}`, attribute.powerRole, 'system'),
    ],
    panels: [...callPanels(), ...balancePanels()],
    sections: [{ id: 40, title: 'Estimates and losses', panels: estimatePanels() }],
  };
}

function callPanels(): readonly PanelDefinition[] {
  return [
    lines({
      id: 1,
      title: 'Energy of one call',
      description:
        'Mean joules of one call of each operation, by the consumer whose rails it is. It grows when the code does more, or when clocks and voltages rise: compare the versions in the marks of runs.',
      unit: joules,
      queries: [
        query(marked(mean(byOperation, energy, ofOperation, ofRole)), operationLegend, { ...least, exemplar: true }),
      ],
      noValue: nothing,
      min: 0,
      alerts: ['EnergyBudgetExceeded', 'EnergyRegression'],
      opens: [['run-comparison', 'Run comparison']],
      legendAt: 'right',
      ...full,
    }),
    lines({
      id: 2,
      title: 'Energy of a costly call (p95)',
      description:
        '95 % of the calls take less than this. Far above the mean, some calls do much more than others: follow an exemplar to the trace of one.',
      unit: joules,
      queries: [
        query(marked(quantile(0.95, byOperation, energy, ofOperation, ofRole)), operationLegend, {
          ...least,
          exemplar: true,
        }),
      ],
      noValue: nothing,
      min: 0,
      alerts: ['EnergyBudgetExceeded'],
      legendAt: 'right',
      ...full,
    }),
    bars({
      id: 3,
      title: 'Energy of all calls',
      description:
        'Joules of all calls of each operation in the time shown: cost of a call times calls. The longest bar is what to make cheaper first.',
      unit: joules,
      queries: [query(marked(sumBy(ofJob, increase(sumOf(energy, ofOperation, ofRole)))), jobLegend, least)],
      noValue: nothing,
      min: 0,
      opens: [['run-comparison', 'Run comparison']],
      ...wide,
    }),
    heatmap({
      id: 5,
      title: 'How the energy of calls is spread (simulated calls too)',
      description:
        'How many calls took how much. Two bands are two kinds of calls under one name: give them two names. Choose one operation and one role above.',
      unit: joules,
      queries: [query(heat(energy, ofOperation, ofRole), '{{le}}', { ...least, exemplar: true })],
      noValue: nothing,
      ...wide,
    }),
    lines({
      id: 4,
      title: 'Calls with energy',
      description:
        'Calls a second that were given energy. Fewer than the service has means that spans end before samples arrive, or that operations are unknown: see the closed section.',
      unit: unitNamed('{call}', 'rate'),
      queries: [query(marked(sumBy(ofJob, rate(countOf(energy, ofOperation, ofRole)))), jobLegend, least)],
      noValue: nothing,
      min: 0,
      alerts: ['EnergyMissingOnSpans'],
      legendAt: 'right',
      ...full,
    }),
    lines({
      id: 6,
      title: 'Power of each operation',
      description:
        'Joules of calls a second: how much of the power of the bench each operation is. Together they stay below the power of the host; what is missing is unattributed.',
      unit: grafanaUnit(metric.benchlabBalanceUnattributed, 'rate'),
      queries: [query(marked(sumBy(ofJob, rate(sumOf(energy, ofOperation, ofRole)))), jobLegend, least)],
      noValue: nothing,
      min: 0,
      opens: [['bench-host', 'Bench host']],
      legendAt: 'right',
      ...full,
    }),
    lines({
      id: 7,
      title: 'Energy of a call, as a share of that of a day ago',
      description:
        '1 is what it was. Above 1.25 for long, a change of a day made the operation dearer: look at the marks of runs, and at the temperature of the bench.',
      unit: unitNamed('1'),
      // Recorded: a rate over 15 minutes, of now and of a day ago, of every operation.
      queries: [
        query(
          marked(quotient(maxBy(byOperation, recordedMean()), maxBy(byOperation, `${recordedMean()} offset 1d`))),
          operationLegend,
          { min: 0, series: { min: 1, max: 500 } },
        ),
      ],
      noValue: 'There is no day to compare with',
      min: 0,
      thresholds: thresholdsOf('EnergyRegression'),
      alerts: ['EnergyRegression'],
      legendAt: 'right',
      ...full,
    }),
    table({
      id: 8,
      title: 'Mean energy and budget',
      description:
        'Mean joules of a call over 15 minutes next to the budget of its operation, where energy.yml has one. Over the budget an alert fires; change the code or the budget, and state which in the commit.',
      unit: joules,
      columns: { benchlab_operation: 'Operation', benchlab_power_role: 'Role', simulated: 'Emulated' },
      queries: [
        query(marked(maxBy(byOperation, recordedMean())), 'Mean', {
          min: 0,
          series: { min: 1, max: 500 },
        }),
        query(
          // A budget belongs to no job: it is shown next to the operations of those that are chosen.
          marked({
            expr: `max by (benchlab_operation, benchlab_power_role, benchlab_simulated) (0 * ${recordedMean()} + on (benchlab_operation, benchlab_power_role) group_left () operation:energy_budget:joules)`,
            labels: ['benchlab_operation', 'benchlab_power_role', 'benchlab_simulated'],
          }),
          'Budget',
          { min: 0, series: { min: 1, max: 500 } },
        ),
      ],
      noValue: nothing,
      alerts: ['EnergyBudgetExceeded'],
      ...full,
    }),
  ];
}

function recordedMean(): string {
  return namedByJob('operation:benchlab_operation_energy_joules:mean15m', ofOperation, ofRole);
}

function balancePanels(): readonly PanelDefinition[] {
  return [
    stacked({
      id: 9,
      title: 'Power that no operation has',
      description:
        'Power of each consumer that no span explains: nothing ran, other programs used it, or operations without a span did. Much of it under load means that spans are missing.',
      unit: grafanaUnit(metric.benchlabBalanceUnattributed, 'rate'),
      queries: [
        query(
          marked(
            leastOfProcesses([...byRole, 'host_name'], rate(selector(metric.benchlabBalanceUnattributed, ofRole))),
          ),
          `${roleLegend} {{host_name}}`,
          least,
        ),
      ],
      noValue: 'No energy is attributed',
      min: 0,
      alerts: ['EnergyUnattributed'],
      ...wide,
    }),
    lines({
      id: 10,
      title: 'Share of the energy of the system that no operation has',
      description:
        'What no span has, by all energy of the host. Each process counts the host for itself: the one that explains most is drawn. Above 0.8 operations explain less than a fifth: decorate what runs, or end what else runs on the bench.',
      unit: unitNamed('1'),
      queries: [
        query(
          marked(
            quotient(leastOfProcesses(onHost, rate(selector(metric.benchlabBalanceUnattributed, system))), {
              expr: `sum by (${labels(onHost)}) (max by (${labels([...onHost, attribute.hwId])}) (${rate(selector(metric.hwHostEnergy))}))`,
              labels: [],
            }),
          ),
          '{{host_name}}{{simulated}}',
          { min: 0 },
        ),
      ],
      noValue: 'No energy is attributed, or no meter of the host is in this job',
      min: 0,
      max: 1,
      thresholds: thresholdsOf('EnergyUnattributed'),
      alerts: ['EnergyUnattributed'],
      ...wide,
    }),
  ];
}

const onHost = ['host_name', attribute.simulated];

/** Each process counts for itself what none of its spans has: the one that explains most is the nearest to the truth. */
function leastOfProcesses(by: readonly string[], of: string): Expression {
  return minBy(by, sumBy(['job', 'instance', ...by], of).expr);
}

const system = matching(attribute.powerRole, '=', 'system');

/** Closed: how sure the figures are. */
function estimatePanels(): readonly PanelDefinition[] {
  return [
    lines({
      id: 41,
      title: 'Estimate of short calls, with its standard error',
      description:
        'Joules of one call, estimated together from all calls of the last minute: also of calls that are shorter than the meter can see. An error as large as the estimate means that the data cannot tell.',
      unit: joules,
      queries: [
        query(
          marked(maxBy(byOperation, selector(metric.benchlabOperationEnergyEstimate, ofOperation, ofRole))),
          operationLegend,
        ),
        query(
          marked(maxBy(byOperation, selector(metric.benchlabOperationEnergyEstimateStderr, ofOperation, ofRole))),
          `error of ${operationLegend}`,
          least,
        ),
      ],
      noValue: 'No operation could be estimated',
      opens: [['telemetry-health', 'Telemetry health']],
      legendAt: 'right',
      ...full,
    }),
    lines({
      id: 42,
      title: 'Idle power in what is attributed',
      description:
        'The baseline that was measured before, part of what operations have and of what is unattributed. Absent without a baseline: measure one with the bench at rest.',
      unit: grafanaUnit(metric.benchlabBalanceIdle, 'rate'),
      queries: [
        query(
          marked(maxBy([...byRole, 'host_name'], rate(selector(metric.benchlabBalanceIdle, ofRole)))),
          `${roleLegend} {{host_name}}`,
          least,
        ),
      ],
      noValue: 'No baseline is known',
      min: 0,
      opens: [['bench-host', 'Bench host']],
      ...wide,
    }),
    lines({
      id: 43,
      title: 'Energy below zero',
      description:
        'Power below zero of intervals, as a positive number: the offset of the meter. It is counted apart, so it does not hide in the energy of calls.',
      unit: grafanaUnit(metric.benchlabBalanceNegative, 'rate'),
      queries: [
        query(
          marked(maxBy([...byRole, 'host_name'], rate(selector(metric.benchlabBalanceNegative, ofRole)))),
          `${roleLegend} {{host_name}}`,
          least,
        ),
      ],
      noValue: 'No energy is attributed',
      min: 0,
      alerts: ['EnergyOffset'],
      ...wide,
    }),
    lines({
      id: 44,
      title: 'Time without samples while spans ran',
      description:
        'Share of the time in which spans ran and no valid sample of the consumer came. Calls in it have no energy: look at Sample age on Bench host.',
      unit: grafanaUnit(metric.benchlabBalanceGap, 'rate'),
      queries: [query(marked(maxBy(byRole, rate(selector(metric.benchlabBalanceGap, ofRole)))), roleLegend, least)],
      noValue: 'No energy is attributed',
      min: 0,
      max: 1,
      alerts: ['SampleGaps'],
      opens: [['bench-host', 'Bench host']],
      ...wide,
    }),
    lines({
      id: 45,
      title: 'Calls without energy of their own',
      description:
        'Spans beyond the bound of known operations, which count as other, and calls of minutes with too many calls to estimate. Give operations fewer names: no ids in them.',
      unit: grafanaUnit(metric.benchlabOperationEnergyOverflow, 'rate'),
      queries: [
        query(
          sumBy(['job'], rate(selector(metric.benchlabOperationEnergyOverflow))),
          'beyond the bound ({{job}})',
          least,
        ),
        query(
          sumBy(['job'], rate(selector(metric.benchlabOperationEnergyUnestimated))),
          'not estimated ({{job}})',
          least,
        ),
      ],
      noValue: 'No service attributes energy',
      min: 0,
      alerts: ['EnergyMissingOnSpans'],
      ...wide,
    }),
  ];
}
