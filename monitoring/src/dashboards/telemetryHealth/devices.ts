// What the agent counts of its receivers, of the links to boards and of its bus.
import { attribute, type MetricDefinition, metric } from '@benchlab-otel/core';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { board, boardLegend } from '../../queries/benchSeries.ts';
import { marked, maxBy, minBy, quotient, rate } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { type PanelQuery, query } from '../../queries/queryShape.ts';
import { legend, matching, selector } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { counted, gauged, losses, wide } from './panels.ts';

const receiver = [attribute.receiverName];
const noReceiver = 'No receiver runs';
const noBoard = 'No board has been seen';

export function devicePanels(): readonly PanelDefinition[] {
  const failures = matching(attribute.pollOutcome, '=', 'failure');
  return [
    lines({
      id: 9,
      title: 'Share of polls that fail',
      description:
        'Polls that brought nothing because of a fault, as a share of all of a receiver. Above a half its devices are as good as gone: look at the kind of failure in the next panel.',
      unit: unitNamed('1'),
      queries: [
        query(
          quotient(
            maxBy(receiver, rate(selector(metric.benchlabReceiverPolls, failures))),
            maxBy(
              receiver,
              `sum by (job, instance, benchlab_receiver_name) (${rate(selector(metric.benchlabReceiverPolls))})`,
            ),
          ),
          legend(attribute.receiverName),
          { min: 0, max: 1, series: { min: 1, max: 64 } },
        ),
      ],
      noValue: 'No poll has failed',
      min: 0,
      max: 1,
      thresholds: thresholdsOf('PollsFailing'),
      alerts: ['PollsFailing', 'PollsStopped'],
      ...wide,
    }),
    losses(
      {
        id: 10,
        title: 'Failures of polls, by kind',
        description:
          'Polls that brought less than all, by the kind of trouble: no reply is a cable or a board without power, a bad reply noise or another firmware, a lost device a plug.',
        full: true,
        noValue: 'No poll has failed',
        alerts: ['PollsFailing'],
      },
      [metric.benchlabReceiverFailures, ''],
    ),
    lines({
      id: 11,
      title: 'Polls that were skipped, by polls made',
      description:
        'Polls that were due while an earlier one still ran. Above a tenth the rate is more than the device can: poll less often.',
      unit: unitNamed('1'),
      queries: [
        query(
          quotient(
            maxBy(receiver, rate(selector(metric.benchlabReceiverMissed))),
            maxBy(
              receiver,
              `sum by (job, instance, benchlab_receiver_name) (${rate(selector(metric.benchlabReceiverPolls))})`,
            ),
          ),
          legend(attribute.receiverName),
          { min: 0 },
        ),
      ],
      noValue: noReceiver,
      min: 0,
      thresholds: thresholdsOf('PollsMissed'),
      alerts: ['PollsMissed'],
      ...wide,
    }),
    lines({
      id: 12,
      title: 'Duration of a poll',
      description: 'How long the latest poll of each receiver took. As long as its interval, the next one is skipped.',
      unit: grafanaUnit(metric.benchlabReceiverDuration),
      queries: [
        query(maxBy(receiver, selector(metric.benchlabReceiverDuration)), legend(attribute.receiverName), { min: 0 }),
      ],
      noValue: noReceiver,
      min: 0,
      alerts: ['PollsMissed'],
      ...wide,
    }),
    lines({
      id: 13,
      title: 'Readings that were rejected',
      description:
        'Readings beyond what can be, or from a sensor that failed. A few at the start are usual; a steady line is a broken sensor or another firmware than is assumed.',
      unit: grafanaUnit(metric.benchlabReadingsRejected, 'rate'),
      queries: [
        query(
          marked(maxBy([...board, attribute.errorType], rate(selector(metric.benchlabReadingsRejected)))),
          `${legend(attribute.errorType)} ${boardLegend}`,
          { min: 0 },
        ),
      ],
      noValue: 'No reading was rejected',
      min: 0,
      alerts: ['ReadingsRejected'],
      ...wide,
    }),
    ofBoard(
      14,
      'Sample age',
      metric.benchlabSampleAge,
      'Time since the latest sample of each device. A line that climbs is a device that is silent: check its cable and the log of the agent.',
      ['SamplesStale', 'SamplesAbsent', 'DeviceGone'],
    ),
    lines({
      id: 15,
      title: 'Dropped and refused by the sample bus',
      description:
        'Messages that the bus dropped for a slow reader, and connections that it ended, by reason. A reader that loses messages has gaps in its energies: make it faster, or let it read less.',
      unit: grafanaUnit(metric.benchlabBusDropped, 'rate'),
      queries: [counted(metric.benchlabBusDropped, 'messages'), counted(metric.benchlabBusRefused, 'connections')],
      noValue: 'No agent has a bus',
      min: 0,
      alerts: ['BusDropsMessages', 'BusRefusesReaders'],
      ...wide,
    }),
    lines({
      id: 16,
      title: 'Readers of the sample bus',
      description:
        'Processes that read the samples of an agent. Fewer than the services that attribute energy: one of them has no samples.',
      unit: grafanaUnit(metric.benchlabBusReaders),
      queries: [gauged(metric.benchlabBusReaders, '')],
      noValue: 'No agent has a bus',
      min: 0,
      alerts: ['BusRefusesReaders'],
      ...wide,
    }),
  ];
}

/** Closed: how samples get their time, and how fresh they are. */
export function deviceDetails(): readonly PanelDefinition[] {
  return [
    ofBoard(
      51,
      'Round trip of the link',
      metric.benchlabLinkRoundTrip,
      'From the request to the last byte of the latest reply. Half of it is the uncertainty of the time of a sample: a busy USB hub makes it long.',
    ),
    ofBoard(
      52,
      'Where in the exchange samples are dated',
      metric.benchlabLinkOffset,
      'From the request to the instant that a sample is dated to. A board has no clock: the middle of the exchange is the best guess.',
    ),
    lines({
      id: 53,
      title: 'Bytes without a request',
      description:
        'Bytes that a board sent and that no request asked for. They are dropped; many of them are another program on the same port, or a reset.',
      unit: grafanaUnit(metric.benchlabLinkStaleBytes, 'rate'),
      queries: [query(marked(maxBy(board, rate(selector(metric.benchlabLinkStaleBytes)))), boardLegend, { min: 0 })],
      noValue: noBoard,
      min: 0,
      opens: [['bench-host', 'Bench host']],
      ...wide,
    }),
    ofBoard(
      54,
      'New values a second',
      metric.benchlabSampleRefreshRate,
      'How often a board has new values. Polling faster brings the same values again: more load, and no more of the truth.',
    ),
    ofBoard(
      55,
      'Share of frames that are new',
      metric.benchlabSampleUniqueRatio,
      'Share of the latest frames that differ from the one before. Below 1 the board is read faster than it measures: poll less often.',
    ),
    ofBoard(
      56,
      'Clock of the agent',
      metric.benchlabAgentClockOffset,
      'Clock of the agent less that of the process that reads its bus. On one host it is 0 within its uncertainty; else samples are dated wrongly.',
      ['HostClockUnsynchronised'],
    ),
    ofBoard(
      57,
      'Uncertainty of that clock',
      metric.benchlabAgentClockUncertainty,
      'The offset is known within this. As large as a span is long, the energy of that span is a guess.',
      ['HostClockUnsynchronised'],
    ),
    lines({
      id: 58,
      title: 'Bytes of the sample bus',
      description:
        'Bytes that the bus has sent a second, to all readers together. It grows with readers, boards and the rate of polls.',
      unit: grafanaUnit(metric.benchlabBusSent, 'rate'),
      queries: [counted(metric.benchlabBusSent, '')],
      noValue: 'No agent has a bus',
      min: 0,
      opens: [['bench-host', 'Bench host']],
      ...wide,
    }),
  ];
}

function ofBoard(
  id: number,
  title: string,
  series: MetricDefinition,
  description: string,
  alerts: readonly string[] = [],
): PanelDefinition {
  // The smallest: what arrives by a slower path looks older than it is.
  const asked: PanelQuery = query(marked(minBy(board, selector(series))), boardLegend);
  return lines({
    id,
    title,
    description,
    unit: grafanaUnit(series),
    queries: [asked],
    noValue: noBoard,
    alerts,
    opens: [['bench-host', 'Bench host']],
    ...(series === metric.benchlabSampleAge ? { thresholds: thresholdsOf('SamplesStale') } : {}),
    ...wide,
  });
}
