import { metric } from '@benchlab-otel/core';
import { figure } from '../../panels/figure.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { timeline } from '../../panels/timeline.ts';
import { maxBy, minBy } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { matching, named, selector } from '../../queries/selector.ts';
import { panelThresholds } from '../../queries/thresholds.ts';
import { byProcess, processLegend, share, shown } from '../runtimeNames.ts';

// Prometheus makes `up` itself, for targets that it scrapes; targets/*.yml name the implementation of each.
const up = named('up', shown, matching('implementation', '!=', ''));
const notScraped = 'No process of the runtime is scraped: one that sends OTLP has no "up"';

export function serviceHealth(): PanelDefinition {
  return timeline(
    {
      id: 1,
      title: 'Service health',
      description:
        'Whether Prometheus reaches each process of the runtime. A gap between two green bars is a restart or a network that was away; a bar that stays red is the alert BitNetRustServiceDown.',
      unit: unitNamed(''),
      queries: [query(minBy(byProcess, up), processLegend, { ...share, series: { min: 1, max: 100 } })],
      noValue: notScraped,
      alerts: ['BitNetRustServiceDown'],
      opens: [['stack', 'Stack']],
      width: 10,
      height: 6,
    },
    { '0': { text: 'down', color: 'red', index: 0 }, '1': { text: 'up', color: 'green', index: 1 } },
  );
}

export function serviceUptime(): PanelDefinition {
  return figure({
    id: 2,
    title: 'Uptime',
    description:
      'Share of the time shown in which Prometheus reached the process. Less than all of it in a quiet week is a restart: Service health has its time.',
    unit: unitNamed('1'),
    ...share,
    decimals: 2,
    queries: [
      query(minBy(byProcess, `avg_over_time(${up}[$__range])`), processLegend, {
        ...share,
        series: { min: 1, max: 100 },
      }),
    ],
    noValue: notScraped,
    thresholds: panelThresholds('Uptime'),
    opens: [['stack', 'Stack']],
    width: 8,
    height: 6,
  });
}

export function hostUptime(): PanelDefinition {
  return figure({
    id: 23,
    title: 'Uptime of the host',
    description:
      'Time since the host started. A short time that was not expected is a crash or a lost power supply: look at the bench of that time.',
    unit: grafanaUnit(metric.systemUptime),
    min: 0,
    queries: [query(maxBy(['job', 'instance'], selector(metric.systemUptime)), '{{instance}}', { min: 0 })],
    noValue: 'None of the processes chosen above reads its host: choose the agent too',
    opens: [['bench-host', 'Bench host']],
    width: 6,
    height: 6,
  });
}
