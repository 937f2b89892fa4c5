// Panels of how well the devices of a bench host are read.
import { attribute, metric } from '@benchlab-otel/core';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { board, boardLegend, onBoard } from '../../queries/benchSeries.ts';
import { marked, maxBy, minBy, rate } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';

export function sampleAge(): PanelDefinition {
  return lines({
    id: 8,
    title: 'Sample age',
    description:
      'Time since the latest sample of each board. It should stay under a second: a line that climbs is a board that is silent or unplugged, and then every other panel shows the past. Check the cable and the log of the process that reads the boards.',
    unit: grafanaUnit(metric.benchlabSampleAge),
    // The smallest: what arrives by a slower path looks older than it is.
    queries: [query(marked(minBy(board, selector(metric.benchlabSampleAge, onBoard))), boardLegend)],
    thresholds: thresholdsOf('SamplesStale'),
    alerts: ['SamplesStale', 'SamplesAbsent', 'DeviceGone'],
    opens: [['telemetry-health', 'Telemetry health']],
    noValue: 'No board has been seen',
    width: 12,
    height: 10,
  });
}

export function polls(): PanelDefinition {
  const outcome = [attribute.receiverName, attribute.pollOutcome];
  return lines({
    id: 9,
    title: 'Polls of the receivers',
    description:
      'How often each receiver asks its devices, by how it went. Anything but success and no_data means readings are missing: the log of the process that reads the boards says why.',
    unit: grafanaUnit(metric.benchlabReceiverPolls, 'rate'),
    queries: [
      query(
        maxBy(outcome, rate(selector(metric.benchlabReceiverPolls))),
        `${legend(attribute.receiverName)}: ${legend(attribute.pollOutcome)}`,
        { min: 0 },
      ),
    ],
    alerts: ['PollsFailing', 'PollsStopped'],
    opens: [['telemetry-health', 'Telemetry health']],
    noValue: 'No receiver runs',
    legendAt: 'right',
    width: 24,
    height: 10,
  });
}

export function sampleGaps(): PanelDefinition {
  return lines({
    id: 15,
    title: 'Time without samples',
    description:
      'Share of the time in which a board delivered nothing valid. No energy is counted for it, so energies are too low by about as much. Look at Sample age and at the failures on the dashboard Telemetry health.',
    unit: grafanaUnit(metric.benchlabSampleGap, 'rate'),
    queries: [
      query(marked(minBy(board, rate(selector(metric.benchlabSampleGap, onBoard)))), boardLegend, { min: 0, max: 1.1 }),
    ],
    noValue: 'No board has been seen',
    min: 0,
    max: 1,
    thresholds: thresholdsOf('SampleGaps'),
    alerts: ['SampleGaps'],
    opens: [['telemetry-health', 'Telemetry health']],
    width: 12,
    height: 10,
  });
}
