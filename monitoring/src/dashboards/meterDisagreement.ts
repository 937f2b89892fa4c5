import { attribute, type MetricDefinition, metric } from '@benchlab-otel/core';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { figure } from '../panels/figure.ts';
import { histogram } from '../panels/histogram.ts';
import { lines } from '../panels/lines.ts';
import { table } from '../panels/table.ts';
import { marked, maxBy, minBy, rate } from '../queries/expressions.ts';
import { grafanaUnit } from '../queries/grafanaUnit.ts';
import { type Expected, type PanelQuery, query } from '../queries/queryShape.ts';
import { legend, matching, selector } from '../queries/selector.ts';
import { eitherWay, thresholdsOf } from '../queries/thresholds.ts';
import { labelVariable, serviceVariables, sourceVariables } from '../queries/variables.ts';

const compared = [attribute.powerRole, attribute.meter, attribute.simulated];
const comparedLegend = `${legend(attribute.powerRole)}: rails and ${legend(attribute.meter)}{{simulated}}`;
const chosen = matching(attribute.powerRole, '=~', '$role');
const nothing = 'No role has two meters';
const wide = { width: 12, height: 10 };

/** Two meters of one consumer: by how much they differ, and whether the difference is explained. */
export function meterDisagreement(): DashboardDefinition {
  return {
    name: 'meter-disagreement',
    folder: 'Bench',
    title: 'Meter disagreement',
    description:
      'The board at the inputs of a device and the meter inside of it: by how much they differ, and since when.',
    tags: ['bench', 'energy'],
    from: 'now-1h',
    refresh: '30s',
    variables: [
      ...sourceVariables(),
      ...serviceVariables(metric.benchlabDisagreementPower),
      labelVariable('role', 'Role', selector(metric.benchlabDisagreementPower), attribute.powerRole),
    ],
    panels: [
      figure({
        id: 1,
        title: 'Difference now',
        description:
          'Power of the rails less that of the meter inside the device, as a share of the latter. 10 to 15 % is the loss of regulators; more is a meter that is wrong or a rail that feeds something else.',
        unit: grafanaUnit(metric.benchlabDisagreement),
        queries: [of(metric.benchlabDisagreement)],
        noValue: nothing,
        thresholds: eitherWay(thresholdsOf('HardwareMetersDisagree')),
        alerts: ['HardwareMetersDisagree'],
        width: 12,
        height: 5,
      }),
      figure({
        id: 2,
        title: 'Age of the older side',
        description:
          'How old the older of the two compared samples is. Above 10 s the difference is one of times and not of meters, and the alert leaves it out: look at why that meter is slow.',
        unit: grafanaUnit(metric.benchlabDisagreementAge),
        queries: [of(metric.benchlabDisagreementAge, { min: 0 })],
        noValue: nothing,
        min: 0,
        alerts: ['SamplesStale'],
        opens: [['telemetry-health', 'Telemetry health']],
        width: 12,
        height: 5,
      }),
      lines({
        id: 3,
        title: 'Difference as a share',
        description:
          'The same over time. A steady offset is the loss of regulators, one that grows with load a gain, one that jumps a meter that was restarted. Absent where the device reports less than 1 W.',
        unit: grafanaUnit(metric.benchlabDisagreement),
        queries: [of(metric.benchlabDisagreement)],
        noValue: nothing,
        thresholds: eitherWay(thresholdsOf('HardwareMetersDisagree')),
        alerts: ['HardwareMetersDisagree'],
        ...wide,
      }),
      lines({
        id: 4,
        title: 'Difference in watts',
        description:
          'Rails less device. Regulator losses are in the rails only; what a graphics card draws from its slot is in neither of its rails, so the difference can be below zero.',
        unit: grafanaUnit(metric.benchlabDisagreementPower),
        queries: [of(metric.benchlabDisagreementPower)],
        noValue: nothing,
        alerts: ['HardwareMetersDisagree'],
        ...wide,
      }),
      lines({
        id: 5,
        title: 'What the device reports',
        description:
          'Power by the meters inside of devices. A line that stands still under changing load is a meter that updates rarely: take the rails.',
        unit: grafanaUnit(metric.hwPower),
        queries: [
          query(
            marked(
              maxBy(
                [attribute.hwId, attribute.hwName, attribute.meter, attribute.simulated, 'host_name'],
                selector(metric.hwPower, matching(attribute.meter, '!=', '')),
              ),
            ),
            `${legend(attribute.hwName)} ${legend(attribute.meter)} {{host_name}}{{simulated}}`,
            { min: 0 },
          ),
        ],
        noValue: 'No meter inside the host',
        min: 0,
        opens: [['gpu', 'GPU']],
        ...wide,
      }),
      lines({
        id: 6,
        title: 'What the counters of the devices add up to',
        description:
          'Mean power between two scrapes from the energy counters of devices. Where it differs from the panel before, the meter misses peaks between its readings.',
        unit: grafanaUnit(metric.hwEnergy, 'rate'),
        queries: [
          query(
            marked(
              maxBy(
                [attribute.hwId, attribute.hwName, attribute.meter, attribute.simulated, 'host_name'],
                rate(selector(metric.hwEnergy, matching(attribute.meter, '!=', ''))),
              ),
            ),
            `${legend(attribute.hwName)} ${legend(attribute.meter)} {{host_name}}{{simulated}}`,
            { min: 0 },
          ),
        ],
        noValue: 'No meter inside the host counts energy',
        min: 0,
        opens: [['gpu', 'GPU']],
        ...wide,
      }),
      lines({
        id: 7,
        title: 'Age of both sides',
        description:
          'Age of the latest sample of the rails and of the device. The older one decides whether the comparison holds.',
        unit: grafanaUnit(metric.benchlabDisagreementAge),
        queries: [
          query(
            marked(minBy([...compared, attribute.disagreementSide], selector(metric.benchlabDisagreementAge, chosen))),
            `${legend(attribute.disagreementSide)} of ${comparedLegend}`,
            { min: 0 },
          ),
        ],
        noValue: nothing,
        min: 0,
        alerts: ['SamplesStale'],
        ...wide,
      }),
      histogram({
        id: 8,
        title: 'How often each difference was seen',
        description:
          'The differences of the time shown. One narrow hill is two meters in order; two hills are two states of the device, of which one is measured wrong.',
        unit: grafanaUnit(metric.benchlabDisagreement),
        queries: [of(metric.benchlabDisagreement)],
        noValue: nothing,
        alerts: ['HardwareMetersDisagree'],
        ...wide,
      }),
      table({
        id: 9,
        title: 'All comparisons',
        description:
          'Every pair of meters with its difference and the age of its older side. Sort by a column to find the worst.',
        unit: grafanaUnit(metric.benchlabDisagreementPower),
        columns: { benchlab_power_role: 'Role', benchlab_meter: 'Meter', simulated: 'Emulated' },
        queries: [
          of(metric.benchlabDisagreementPower, {}, 'Difference'),
          of(metric.benchlabDisagreement, {}, 'As a share'),
          of(metric.benchlabDisagreementAge, { min: 0 }, 'Age'),
        ],
        units: {
          'As a share': grafanaUnit(metric.benchlabDisagreement),
          Age: grafanaUnit(metric.benchlabDisagreementAge),
        },
        noValue: nothing,
        alerts: ['HardwareMetersDisagree'],
        width: 24,
        height: 7,
      }),
    ],
  };
}

/** Of the older side, where a metric has both. */
function of(series: MetricDefinition, expected: Expected = {}, name = comparedLegend): PanelQuery {
  return query(marked(maxBy(compared, selector(series, chosen))), name, expected);
}
