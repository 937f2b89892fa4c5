// What the SDK and the metrics page count of spans, log records, points and records.
import { attribute, metric } from '@benchlab-otel/core';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy, quantile, quotient } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import {
  counted,
  countedFailed,
  countedOfAll,
  countedWell,
  gauged,
  gaugedOfAll,
  losses,
  process,
  wide,
} from './panels.ts';

const component = [process, attribute.otelComponentName];
const componentLegend = `${legend(attribute.otelComponentName)} {{${process}}}`;

export function signalPanels(): readonly PanelDefinition[] {
  return [
    lines({
      id: 1,
      title: 'Spans and log records that left',
      description:
        'Spans and log records that the collector or store has acknowledged, a second. A line that falls to 0 while the service works is an exporter that cannot reach its endpoint.',
      unit: grafanaUnit(metric.otelSdkExporterSpanExported, 'rate'),
      queries: [
        countedWell(metric.otelSdkExporterSpanExported, 'spans'),
        countedWell(metric.otelSdkExporterLogExported, 'log records'),
      ],
      noValue: 'No service exports',
      min: 0,
      alerts: ['SpansNotExported'],
      opens: [['collector-fleet', 'Collector fleet']],
      ...wide,
    }),
    lines({
      id: 2,
      title: 'Given up by exporters',
      description:
        'Spans and log records that were given up after the last attempt, by status. They are lost: make the endpoint reachable, or let the exporter try for longer.',
      unit: grafanaUnit(metric.otelSdkExporterSpanExported, 'rate'),
      queries: [
        countedFailed(metric.otelSdkExporterSpanExported, 'spans'),
        countedFailed(metric.otelSdkExporterLogExported, 'log records'),
      ],
      noValue: 'Nothing was given up',
      min: 0,
      alerts: ['SpansNotExported'],
      ...wide,
    }),
    lines({
      id: 3,
      title: 'Dropped before export',
      description:
        'Spans and log records that found the queue full, or came after the end. A queue that is full has a service that makes more than the network takes: sample, or enlarge it.',
      unit: grafanaUnit(metric.otelSdkProcessorSpanProcessed, 'rate'),
      queries: [
        countedFailed(metric.otelSdkProcessorSpanProcessed, 'spans'),
        countedFailed(metric.otelSdkProcessorLogProcessed, 'log records'),
      ],
      noValue: 'Nothing was dropped',
      min: 0,
      alerts: ['SpansDropped'],
      ...wide,
    }),
    lines({
      id: 4,
      title: 'How full the queues are',
      description: 'Spans and log records that wait, as a share of what can. At 1 the next one is dropped.',
      unit: unitNamed('1'),
      queries: (
        [
          [metric.otelSdkProcessorSpanQueueSize, metric.otelSdkProcessorSpanQueueCapacity, 'spans'],
          [metric.otelSdkProcessorLogQueueSize, metric.otelSdkProcessorLogQueueCapacity, 'log records'],
        ] as const
      ).map(([size, capacity, name]) =>
        query(
          quotient(maxBy(component, selector(size)), maxBy(component, selector(capacity))),
          `${name} ${componentLegend}`,
          { min: 0, max: 1 },
        ),
      ),
      noValue: 'No service exports',
      min: 0,
      max: 1,
      alerts: ['SpansDropped'],
      ...wide,
    }),
    lines({
      id: 6,
      title: 'Faults of records',
      description:
        'Points and attributes that were dropped or corrected, and spans without a required attribute, of all processes together. The log of a process states the first of each kind with its name: correct the code that records it.',
      unit: grafanaUnit(metric.benchlabRecordFaults, 'rate'),
      queries: [countedOfAll(metric.benchlabRecordFaults, '')],
      noValue: 'No service records by the registry',
      min: 0,
      explores: ['logs'],
      ...wide,
    }),
    losses(
      {
        id: 5,
        title: 'Spans without all of their figures',
        description:
          'Spans that were exported before their joules were ready, that were no longer followed, or whose CPU time is missing. Let samples arrive faster, or spans wait longer.',
        noValue: 'No service measures spans',
        alerts: ['EnergyMissingOnSpans'],
        opens: [['energy-per-operation', 'Energy per operation']],
        full: true,
      },
      [metric.benchlabSpansUnfinished, 'unfinished'],
      [metric.benchlabSpansForgotten, 'forgotten'],
      [metric.benchlabCpuSpansDropped, 'without CPU time'],
    ),
    losses(
      {
        id: 8,
        title: 'Samples and events that found no room',
        description:
          'Readings, samples and runtime events that were dropped: too many sources, or a reader that is slow or absent. Each has a bound that can be raised; look first at what brings them.',
        full: true,
        noValue: 'Nothing reads samples',
        alerts: ['SamplesDropped', 'EventsDropped'],
      },
      [metric.benchlabSampleDropped, 'readings'],
      [metric.benchlabHistoryDropped, 'samples of the history'],
      [metric.benchlabEventsDropped, 'events'],
    ),
    lines({
      id: 7,
      title: 'The metrics page: overflow, merged and left out',
      description:
        'Of the latest scrape of all processes together: series that stand for many, by their metric, points that became equal, and metrics and points that could not be shown. An id in a label is the usual cause: take it out.',
      unit: grafanaUnit(metric.benchlabPageOverflow),
      queries: [
        gaugedOfAll(metric.benchlabPageOverflow, 'overflow'),
        gaugedOfAll(metric.benchlabPageMergedPoints, 'merged points'),
        gaugedOfAll(metric.benchlabPageDroppedMetrics, 'metrics left out'),
        gaugedOfAll(metric.benchlabPageDroppedPoints, 'points left out'),
      ],
      noValue: 'No service has a metrics page',
      min: 0,
      alerts: ['MetricsPageOverflow', 'MetricsPageIncomplete'],
      ...wide,
    }),
  ];
}

/** Closed: what is well most of the time. */
export function signalDetails(): readonly PanelDefinition[] {
  return [
    lines({
      id: 41,
      title: 'Handed to exporters',
      description:
        'Spans and log records that left the queue, a second. Compare with those that left: the difference is on its way or lost.',
      unit: grafanaUnit(metric.otelSdkProcessorSpanProcessed, 'rate'),
      queries: [
        countedWell(metric.otelSdkProcessorSpanProcessed, 'spans'),
        countedWell(metric.otelSdkProcessorLogProcessed, 'log records'),
      ],
      noValue: 'No service exports',
      min: 0,
      alerts: ['SpansDropped'],
      ...wide,
    }),
    lines({
      id: 42,
      title: 'On their way',
      description:
        'Spans and log records that were handed to the exporter and are not acknowledged. Many for long is an endpoint that answers slowly.',
      unit: grafanaUnit(metric.otelSdkExporterSpanInflight),
      queries: [
        gauged(metric.otelSdkExporterSpanInflight, 'spans'),
        gauged(metric.otelSdkExporterLogInflight, 'log records'),
      ],
      noValue: 'No service exports',
      min: 0,
      alerts: ['SpansNotExported'],
      ...wide,
    }),
    lines({
      id: 43,
      title: 'Duration of an export (p95)',
      description:
        'From the first attempt of a batch to the end of its last: 95 % are faster. Seconds are pauses between attempts.',
      unit: grafanaUnit(metric.otelSdkExporterOperationDuration),
      queries: [query(quantile(0.95, component, metric.otelSdkExporterOperationDuration), componentLegend, { min: 0 })],
      noValue: 'No service exports',
      min: 0,
      alerts: ['SpansNotExported'],
      ...wide,
    }),
    losses(
      {
        id: 44,
        title: 'Scrapes without an observable metric',
        description:
          'Scrapes that left a metric out, because its callback had not answered in time. The label names it: make the callback faster.',
        noValue: 'Every callback answered in time',
        alerts: ['MetricsPageIncomplete'],
        full: true,
      },
      [metric.benchlabCallbacksUnanswered, ''],
    ),
    lines({
      id: 45,
      title: 'Decorated functions: calls',
      description:
        'Calls of functions with @Counted or @Timed, by function and error. Errors of one function alone are in that function.',
      unit: grafanaUnit(metric.benchlabCalls, 'rate'),
      queries: [counted(metric.benchlabCalls, '')],
      noValue: 'No function is decorated',
      min: 0,
      explores: ['traces'],
      legendAt: 'right',
      ...wide,
      width: 24,
    }),
    lines({
      id: 46,
      title: 'Decorated functions: duration (p95)',
      description: '95 % of the calls are faster. Follow an exemplar to the trace of a slow one.',
      unit: grafanaUnit(metric.benchlabCallDuration),
      queries: [
        query(
          quantile(0.95, [attribute.codeFunctionName], metric.benchlabCallDuration),
          legend(attribute.codeFunctionName),
          { min: 0, exemplar: true },
        ),
      ],
      noValue: 'No function is decorated',
      min: 0,
      opens: [['run-comparison', 'Run comparison']],
      ...wide,
    }),
    lines({
      id: 47,
      title: 'Decorated functions: calls in flight',
      description:
        'Calls that have begun and not ended. A line that only climbs is a call that never ends: look for a promise without an end.',
      unit: grafanaUnit(metric.benchlabCallsInFlight),
      queries: [
        query(
          maxBy([process, attribute.codeFunctionName], selector(metric.benchlabCallsInFlight)),
          `${legend(attribute.codeFunctionName)} {{${process}}}`,
        ),
      ],
      noValue: 'No function is decorated',
      explores: ['traces'],
      ...wide,
    }),
    losses(
      {
        id: 48,
        title: 'Workers of a cluster that were left out',
        description:
          'Answers of workers that did not come in time, so that a scrape is without them, and series of ended workers that were not kept. A worker that answers late is blocked: look at the delay of its event loop.',
        noValue: 'No service runs as a cluster',
        explores: ['logs'],
      },
      [metric.benchlabClusterUnanswered, 'answers'],
      [metric.benchlabClusterSeriesDropped, 'series'],
    ),
  ];
}
