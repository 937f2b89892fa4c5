import { attribute, type MetricDefinition, metric, prometheusLabel, prometheusName } from '@benchlab-otel/core';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { bars } from '../panels/bars.ts';
import { lines, type StackedOptions } from '../panels/lines.ts';
import type { PanelDefinition } from '../panels/panelDefinition.ts';
import { table } from '../panels/table.ts';
import { marked, maxBy, quotient, sumBy } from '../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../queries/grafanaUnit.ts';
import { type Expected, type Expression, type PanelQuery, query } from '../queries/queryShape.ts';
import { legend, matching } from '../queries/selector.ts';
import { runVariables, sourceVariables } from '../queries/variables.ts';

/** One of the two runs: which instances, and how much earlier. */
interface Side {
  readonly name: string;
  readonly variable: string;
  readonly earlier: string;
}

const run: Side = { name: 'run', variable: 'instance', earlier: '' };
const baseline: Side = { name: 'baseline', variable: 'baseline', earlier: ' offset $before' };
const sides = [run, baseline];
const wide = { width: 12, height: 10 };
const nothing = 'Neither run has it: choose two runs above';
const operation = [attribute.operation, attribute.simulated];
const operationLegend = `${legend(attribute.operation)}{{simulated}}`;
// The other consumers are parts of it.
const ofSystem = matching(attribute.powerRole, '=', 'system');
const pair = [attribute.pair, attribute.simulated];
const byBoard = [attribute.hwId, attribute.simulated];

/** Two runs side by side, on one time line: whether the second is faster, and what that costs. */
export function runComparison(): DashboardDefinition {
  return {
    name: 'run-comparison',
    folder: 'Bench',
    title: 'Run comparison',
    description:
      'A run and a baseline on one time line: energy, power, latency, errors. Runs differ by their instance, or by how much earlier the baseline was. Simulated figures are marked.',
    tags: ['bench', 'runs'],
    from: 'now-1h',
    refresh: '1m',
    variables: [
      ...sourceVariables(),
      ...runVariables(metric.benchlabOperationEnergy, metric.benchlabCalls, metric.benchlabPipelineLatency),
    ],
    panels: [
      table({
        id: 1,
        title: 'The two runs',
        description:
          'Version of the services of both runs. Two of one version measure the noise of the bench: any change below it is none.',
        unit: unitNamed(''),
        columns: { job: 'Job', instance: 'Instance', service_version: 'Version' },
        queries: sides.map((side) =>
          query(
            by(['job', 'instance', 'service_version'], 'max', `${seriesOf('target_info', side)}${side.earlier}`),
            side.name,
            { min: 1, max: 1 },
          ),
        ),
        noValue: nothing,
        opens: [['fleet', 'Fleet']],
        width: 24,
        height: 5,
      }),
      both(lines, metric.benchlabOperationEnergy, operation, operationLegend, meanOf, {
        id: 2,
        title: 'Energy of one call',
        description:
          'Mean joules of a call in both runs. A line of the run above that of the baseline is an operation that became dearer: look at its calls and its clocks.',
        legendAt: 'right',
        alerts: ['EnergyRegression'],
        opens: [['energy-per-operation', 'Energy per operation']],
      }),
      both(bars, metric.benchlabOperationEnergy, operation, operationLegend, meanOfRange, {
        id: 3,
        title: 'Energy of one call, over the whole time',
        description: 'One figure for each operation and run, for a report. Set the time to the length of the run.',
        alerts: ['EnergyRegression'],
      }),
      ratio(
        {
          id: 4,
          title: 'Energy of one call: run by baseline',
          description:
            '1 is equal, 0.9 a tenth saved. Trust a difference only if it is larger than that of two runs of one version.',
          alerts: ['EnergyRegression'],
        },
        metric.benchlabOperationEnergy,
        operation,
        operationLegend,
      ),
      both(lines, metric.hwHostEnergy, byBoard, `${legend(attribute.hwId)}{{simulated}}`, rateOf('max'), {
        id: 5,
        title: 'Power of the host',
        description:
          'Mean power between two scrapes in both runs. Two that start from another level had another room temperature, or something else ran.',
        shows: 'rate',
        opens: [['bench-host', 'Bench host']],
      }),
      both(bars, metric.hwHostEnergy, byBoard, `${legend(attribute.hwId)}{{simulated}}`, increaseOf, {
        id: 6,
        title: 'Energy of the host',
        opens: [['bench-host', 'Bench host']],
        description:
          'Joules of both runs in the time shown. The run that ends sooner uses less after it: set the time to the work, not to the clock.',
      }),
      both(lines, metric.benchlabPipelineLatency, pair, `${legend(attribute.pair)}{{simulated}}`, quantileOf, {
        id: 7,
        title: 'Latency between stages (p95)',
        description:
          '95 % of the frames are faster, in both runs. Saved energy that is paid with latency is a choice: state both.',
        alerts: ['PipelineLatencyHigh'],
        opens: [['pipeline-latency-power', 'Pipeline latency and power']],
      }),
      both(
        lines,
        metric.benchlabCallDuration,
        [attribute.codeFunctionName],
        legend(attribute.codeFunctionName),
        quantileOf,
        {
          id: 8,
          title: 'Duration of decorated functions (p95)',
          opens: [['energy-per-operation', 'Energy per operation']],
          explores: ['traces'],
          description:
            '95 % of the calls of each function are faster, in both runs. One function that is slower alone is where the change is.',
        },
      ),
      both(
        lines,
        metric.benchlabCalls,
        [attribute.codeFunctionName],
        legend(attribute.codeFunctionName),
        rateOf('sum'),
        {
          id: 9,
          title: 'Calls of decorated functions',
          opens: [['telemetry-health', 'Telemetry health']],
          description:
            'Work of both runs. Runs with another number of calls do not compare by energy of the host, only by energy of a call.',
          shows: 'rate',
        },
      ),
      both(
        lines,
        metric.hwTemperature,
        [attribute.hwParent, attribute.simulated],
        `${legend(attribute.hwParent)}{{simulated}}`,
        levelOf('max', matching(attribute.hwType, '=', 'temperature')),
        {
          id: 10,
          title: 'Highest temperature of each device',
          description:
            'The warmest sensor of each device in both runs. A warmer bench leaks more power: let it cool to the same temperature before each run.',
          legendAt: 'right',
          full: true,
          alerts: ['HardwareTemperatureHigh'],
        },
      ),
      both(lines, metric.systemCpuUsage, [], '', levelOf('max'), {
        id: 11,
        title: 'CPU of the host',
        description:
          'The busiest host of each run. More of it for the same calls is work that was added, or a program that ran alongside.',
        max: 100,
        alerts: ['BitNetSystemHighCPU'],
      }),
      both(
        lines,
        metric.hwGpuUtilization,
        [attribute.hwName, attribute.simulated],
        `${legend(attribute.hwName)}{{simulated}}`,
        levelOf('max', matching(attribute.hwGpuTask, '=', 'general')),
        {
          id: 12,
          title: 'Use of the GPU',
          description:
            'How busy the GPU was in both runs. Less of it at equal speed is a GPU that does the same with less.',
          max: 1,
          opens: [['gpu', 'GPU']],
        },
      ),
    ],
  };
}

type Asked = (metric: MetricDefinition, by: readonly string[], side: Side) => Expression;
interface Stated
  extends Pick<StackedOptions, 'id' | 'title' | 'description' | 'alerts' | 'opens' | 'explores' | 'max' | 'legendAt'> {
  readonly shows?: 'value' | 'rate';
  /** Over the whole page. */
  readonly full?: true;
}

/** A panel of one metric in both runs: `lines` over time, `bars` over the whole time. */
function both(
  kind: (options: StackedOptions) => PanelDefinition,
  series: MetricDefinition,
  group: readonly string[],
  text: string,
  asked: Asked,
  { shows, full, ...stated }: Stated,
): PanelDefinition {
  const expected: Expected = { ...(series === metric.hwTemperature ? {} : { min: 0 }), series: { min: 1, max: 500 } };
  return kind({
    ...stated,
    unit: shows === 'rate' ? grafanaUnit(series, 'rate') : grafanaUnit(series),
    queries: sides.map(
      (side): PanelQuery => query(asked(series, group, side), `${side.name} ${text}`.trim(), expected),
    ),
    noValue: nothing,
    ...wide,
    ...(full ? { width: 24 } : {}),
  });
}

function ratio(stated: Stated, series: MetricDefinition, group: readonly string[], text: string): PanelDefinition {
  const of = plainMeanOfRange(series, group, run);
  const before = plainMeanOfRange(series, group, baseline);
  return bars({
    ...stated,
    unit: unitNamed('1'),
    queries: [
      query(markedIf(quotient(of, before)), text, {
        min: 0,
        series: { min: 1, max: 500 },
      }),
    ],
    noValue: nothing,
    ...wide,
  });
}

function meanOf(series: MetricDefinition, group: readonly string[], side: Side): Expression {
  return markedIf(meanOver(series, group, side, (text) => `rate(${text}[$__rate_interval]${side.earlier})`));
}

function meanOfRange(series: MetricDefinition, group: readonly string[], side: Side): Expression {
  return markedIf(plainMeanOfRange(series, group, side));
}

function plainMeanOfRange(series: MetricDefinition, group: readonly string[], side: Side): Expression {
  return meanOver(series, group, side, (text) => `increase(${text}[$__range]${side.earlier})`);
}

/** Of the energy of operations, on the rails of the whole system. */
function meanOver(
  series: MetricDefinition,
  group: readonly string[],
  side: Side,
  change: (selector: string) => string,
): Expression {
  const name = prometheusName(series);
  const sum = by(group, 'sum', change(seriesOf(`${name}_sum`, side, ofSystem)));
  const count = by(group, 'sum', change(seriesOf(`${name}_count`, side, ofSystem)));
  return quotient(sum, count);
}

function quantileOf(series: MetricDefinition, group: readonly string[], side: Side): Expression {
  const buckets = seriesOf(`${prometheusName(series)}_bucket`, side);
  const { expr } = by([...group, 'le'], 'sum', `rate(${buckets}[$__rate_interval]${side.earlier})`);
  return markedIf({ expr: `histogram_quantile(0.95, ${expr})`, labels: by(group, 'sum', '').labels });
}

function rateOf(operator: 'max' | 'sum'): Asked {
  return (series, group, side) =>
    markedIf(by(group, operator, `rate(${seriesOf(prometheusName(series), side)}[$__rate_interval]${side.earlier})`));
}

function increaseOf(series: MetricDefinition, group: readonly string[], side: Side): Expression {
  return markedIf(by(group, 'max', `increase(${seriesOf(prometheusName(series), side)}[$__range]${side.earlier})`));
}

function levelOf(operator: 'max' | 'sum', ...matchers: readonly string[]): Asked {
  return (series, group, side) =>
    markedIf(by(group, operator, `${seriesOf(prometheusName(series), side, ...matchers)}${side.earlier}`));
}

function seriesOf(name: string, { variable }: Side, ...matchers: readonly string[]): string {
  return `${name}{${['job=~"$job"', `instance=~"$${variable}"`, ...matchers].join(',')}}`;
}

function by(group: readonly string[], operator: 'max' | 'sum', of: string): Expression {
  return operator === 'max' ? maxBy(group, of) : sumBy(group, of);
}

/** Where the series can be of emulated hardware, the legend states it. */
function markedIf(expression: Expression): Expression {
  return expression.labels.includes(prometheusLabel(attribute.simulated)) ? marked(expression) : expression;
}
