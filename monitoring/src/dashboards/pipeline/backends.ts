import { attribute } from '@benchlab-otel/core';
import { metric } from '@benchlab-otel/presets';
import { barChart } from '../../panels/barChart.ts';
import { bars } from '../../panels/bars.ts';
import { lines, stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, rate, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, namedByJob, selector } from '../../queries/selector.ts';
import { panelThresholds, thresholdsOf } from '../../queries/thresholds.ts';
import { backendLegend, byBackend, onBackend } from './names.ts';

export function readiness(): PanelDefinition {
  return barChart({
    id: 3,
    title: 'Backend Readiness',
    description:
      'Operators of each backend, by maturity. A backend whose bar is mostly experimental is not ready for release; one with a short bar lacks operators. The registry of operators reports it at each check.',
    unit: grafanaUnit(metric.registryOperators),
    bar: 'backend',
    part: 'maturity',
    // Each host reports its own registry: the largest, not the sum.
    queries: [
      query(maxBy(['backend', 'maturity'], selector(metric.registryOperators, onBackend)), legend('maturity'), {
        min: 0,
      }),
    ],
    noValue: 'No registry of operators has reported',
    explores: ['logs'],
    width: 14,
    height: 8,
  });
}

export function missingBinaries(): PanelDefinition {
  return bars({
    id: 4,
    title: 'Backend Readiness: missing binaries',
    description:
      'Binaries that a backend needs and the host does not have. Anything above 0 means that compilations for it fail there: install them, see the runbook.',
    unit: grafanaUnit(metric.registryMissingBinaries),
    min: 0,
    queries: [
      query(
        maxBy(['backend', 'instance'], selector(metric.registryMissingBinaries, onBackend)),
        `${legend('backend')} at ${legend('instance')}`,
        { min: 0 },
      ),
    ],
    noValue: 'No registry of operators has reported',
    thresholds: panelThresholds('MissingBinaries'),
    alerts: ['BackendBinariesMissing'],
    width: 10,
    height: 8,
  });
}

export function compileOutcomes(): PanelDefinition {
  return stacked({
    id: 5,
    title: 'Compile Outcomes',
    description:
      'Compilations a second that succeeded and that failed, for the backends chosen above. Failures that grow for one backend point at its toolchain; for all of them, at the specification or at the host.',
    unit: grafanaUnit(metric.compileSuccess, 'rate'),
    min: 0,
    queries: [
      query(sumBy(byBackend, rate(selector(metric.compileSuccess, onBackend))), `${backendLegend}: success`, {
        min: 0,
      }),
      query(sumBy(byBackend, rate(selector(metric.compileFailure, onBackend))), `${backendLegend}: failure`, {
        min: 0,
      }),
    ],
    noValue: 'Nothing was compiled',
    alerts: ['CompileFailures'],
    width: 14,
    height: 10,
  });
}

export function compileFailureShare(): PanelDefinition {
  return lines({
    id: 6,
    title: 'Compile Outcomes: share of failures',
    description:
      'Share of the compilations of a backend that failed, over 15 minutes. Above the dashed line the alert CompileFailures fires: its runbook has the first steps, the panel of reasons below has the kinds of error.',
    unit: unitNamed('1'),
    min: 0,
    max: 1,
    queries: [
      query(
        { expr: namedByJob('backend:compile_failure:ratio_rate15m', onBackend), labels: byBackend },
        backendLegend,
        { min: 0, max: 1 },
      ),
    ],
    noValue: 'No compilation has failed',
    thresholds: thresholdsOf('CompileFailures'),
    alerts: ['CompileFailures'],
    width: 10,
    height: 10,
  });
}

export function failureReasons(): PanelDefinition {
  return stacked({
    id: 12,
    title: 'Compile failures by kind of error',
    description:
      'Compilations that failed, by backend and class of error. One class that dominates is one cause: the log lines compile.end of that time have the hash of what the tool printed.',
    unit: grafanaUnit(metric.compileFailure, 'rate'),
    min: 0,
    queries: [
      query(
        sumBy(['backend', attribute.errorType, 'host_kind'], rate(selector(metric.compileFailure, onBackend))),
        `${legend('backend')} ${legend(attribute.errorType)} (${legend('host_kind')})`,
        { min: 0, series: { min: 1, max: 500 } },
      ),
    ],
    noValue: 'No compilation has failed',
    explores: ['logs'],
    legendAt: 'right',
    width: 24,
    height: 8,
  });
}
