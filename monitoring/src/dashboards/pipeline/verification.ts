import { logEvents, metric } from '@benchlab-otel/presets';
import { gauge } from '../../panels/gauge.ts';
import { lines } from '../../panels/lines.ts';
import { logs } from '../../panels/logs.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { maxBy } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, matching, selector } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';

export function verificationBlocks(): PanelDefinition {
  return gauge({
    id: 7,
    title: 'Verification Blocks',
    description:
      'Share of the artefacts that verification blocked in its current interval. A high share after a change of a backend is a regression of that backend; the log lines next to it name tool and reason.',
    unit: unitNamed('1'),
    min: 0,
    max: 1,
    queries: [
      query(
        maxBy(['job', 'host_region'], selector(metric.verificationBlockRate)),
        `${legend('job')} ${legend('host_region')}`,
        { min: 0, max: 1 },
      ),
    ],
    noValue: 'No verification has run',
    thresholds: thresholdsOf('VerificationBlocks'),
    alerts: ['VerificationBlocks'],
    width: 6,
    height: 8,
  });
}

/** Loki keeps the attributes of a record as structured metadata; a record without a backend has an empty one, which "All" matches. */
export function blockedArtefacts(): PanelDefinition {
  return logs({
    id: 8,
    title: 'Verification Blocks: events',
    description:
      'The log lines of each blocked artefact, with the tool, the reason and the provenance id. Open a line for its trace: the span verify.run in it has the score, the spans before it made the artefact.',
    unit: unitNamed(''),
    queries: [
      query(
        {
          expr: `{service_name=~".+"} | event="${logEvents.verifyBlock.name}" | ${matching('backend.name', '=~', '$backend')}`,
          labels: [],
        },
        '',
        { series: { min: 0, max: 500 } },
      ),
    ],
    noValue: 'No artefact was blocked, or no log store is connected',
    explores: ['traces'],
    width: 18,
    height: 8,
  });
}

export function blockCourse(): PanelDefinition {
  return lines({
    id: 13,
    title: 'Share of blocked artefacts over time',
    description:
      'The course of the gauge above. A share that stays high after a fix was merged means that the fix does not reach this pipeline.',
    unit: unitNamed('1'),
    min: 0,
    max: 1,
    queries: [
      query(
        maxBy(['job', 'instance', 'host_region'], selector(metric.verificationBlockRate)),
        `${legend('instance')} ${legend('host_region')}`,
        { min: 0, max: 1 },
      ),
    ],
    noValue: 'No verification has run',
    thresholds: thresholdsOf('VerificationBlocks'),
    alerts: ['VerificationBlocks'],
    width: 24,
    height: 8,
  });
}
