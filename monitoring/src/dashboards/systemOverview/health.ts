import { metric } from '@benchlab-otel/presets';
import { figure } from '../../panels/figure.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { timeline } from '../../panels/timeline.ts';
import { increase, maxBy, minBy, orZero, sumBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { matching, named, selector } from '../../queries/selector.ts';
import { panelThresholds } from '../../queries/thresholds.ts';
import { byProcess, byService, failed, processLegend, serviceLegend, share } from '../serviceNames.ts';

const found = (status: string) => `${selector(metric.sidepanelHealthStatus, matching('status', '=', status))} == 1`;
// One number for the three series of a check: the worst of what is 1.
const worst = maxBy(byProcess, `2 * (${found('unhealthy')}) or ${found('degraded')} or 0 * (${found('healthy')})`);
const states = {
  '0': { text: 'HEALTHY', color: 'green', index: 0 },
  '1': { text: 'DEGRADED', color: 'orange', index: 1 },
  '2': { text: 'UNHEALTHY', color: 'red', index: 2 },
} as const;
const checked = { min: 0, max: 2, series: { min: 1, max: 100 } } as const;
// Of the processes that are such a service, at any time of the time shown: with every job chosen, "up" is of all targets.
const service = `last_over_time(${selector(metric.sidepanelHealthStatus)}[$__range])`;
const reached = `avg_over_time(${named('up')}[$__range]) and on (job, instance) ${service}`;
const up = { ...share, series: { min: 1, max: 100 } } as const;

export function health(): PanelDefinition {
  return figure({
    id: 1,
    title: 'Health',
    description:
      'What the latest health check of each process found. Degraded: it answers, and something that it needs does not. Unhealthy: send no requests there, and read its log.',
    unit: grafanaUnit(metric.sidepanelHealthStatus),
    queries: [query(worst, processLegend, checked)],
    noValue: 'No health check has reported',
    states,
    alerts: ['HighErrorRate', 'HighLatency'],
    width: 6,
    height: 5,
  });
}

export function uptime(): PanelDefinition {
  return figure({
    id: 2,
    title: 'Uptime',
    description:
      'Share of the time shown in which Prometheus reached the process. What is missing are restarts and outages: the course of the health has their times.',
    unit: unitNamed('1'),
    ...share,
    decimals: 2,
    queries: [query(minBy(byProcess, reached), processLegend, up)],
    noValue: 'Not scraped, or without a health check: a process that sends OTLP has no "up"',
    thresholds: panelThresholds('Uptime'),
    alerts: ['TargetDown'],
    width: 6,
    height: 5,
  });
}

export function runningFor(): PanelDefinition {
  return figure({
    id: 6,
    title: 'Uptime: running for',
    description:
      'Time since the process started. A short time that was not expected is a crash: its last log lines are behind the link above.',
    unit: grafanaUnit(metric.sidepanelUptime),
    min: 0,
    queries: [query(maxBy(byProcess, selector(metric.sidepanelUptime)), processLegend, { min: 0 })],
    noValue: 'No process reports its uptime',
    explores: ['logs'],
    width: 6,
    height: 5,
  });
}

export function errors(): PanelDefinition {
  return figure({
    id: 3,
    title: 'Errors',
    description:
      'Requests that failed in the time shown. Compare with the number of requests: three of a thousand are noise, three of ten are an outage.',
    unit: grafanaUnit(metric.sidepanelRequests),
    min: 0,
    decimals: 0,
    queries: [
      query(
        orZero(
          sumBy(byService, increase(selector(metric.sidepanelRequests, failed))),
          sumBy(byService, increase(selector(metric.sidepanelRequests))),
        ),
        serviceLegend,
        { min: 0 },
      ),
    ],
    noValue: 'No request was served',
    alerts: ['HighErrorRate'],
    width: 6,
    height: 5,
  });
}

export function healthCourse(): PanelDefinition {
  return timeline(
    {
      id: 15,
      title: 'Health over time',
      description:
        'What the health checks found. A process that changes between two states has a dependency that comes and goes; a gap is a process that was not there.',
      unit: grafanaUnit(metric.sidepanelHealthStatus),
      queries: [query(worst, processLegend, checked)],
      noValue: 'No health check has reported',
      explores: ['logs'],
      width: 24,
      height: 5,
    },
    states,
  );
}
