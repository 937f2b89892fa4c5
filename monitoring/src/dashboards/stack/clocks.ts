import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { timeline } from '../../panels/timeline.ts';
import { maxBy } from '../../queries/expressions.ts';
import { unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { named } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';
import { byProcess, noNodeExporter, processLegend, share } from './names.ts';

export function clockOffset(): PanelDefinition {
  return lines({
    id: 27,
    title: 'Hosts: offset of the clock',
    description:
      'How far each clock is from its reference, either way. Two hosts that disagree put their samples and spans in the wrong order: above the dashed line, check chrony or ntpd.',
    unit: unitNamed('s'),
    min: 0,
    queries: [query(maxBy(byProcess, `abs(${named('node_timex_offset_seconds')})`), processLegend, { min: 0 })],
    noValue: noNodeExporter,
    thresholds: thresholdsOf('HostClockUnsynchronised'),
    alerts: ['HostClockUnsynchronised'],
    width: 12,
    height: 8,
  });
}

export function clockState(): PanelDefinition {
  return timeline(
    {
      id: 28,
      title: 'Hosts: clock is synchronised',
      description:
        'Whether the kernel takes its clock as synchronised. Not synchronised for minutes after a start is normal; for hours it is a service that does not run.',
      unit: unitNamed(''),
      queries: [query(maxBy(byProcess, named('node_timex_sync_status')), processLegend, share)],
      noValue: noNodeExporter,
      alerts: ['HostClockUnsynchronised'],
      width: 12,
      height: 8,
    },
    {
      '0': { text: 'not synchronised', color: 'red', index: 0 },
      '1': { text: 'synchronised', color: 'green', index: 1 },
    },
  );
}
