// Panels of temperatures, fans and faults of a bench host.
import { attribute, metric } from '@benchlab-otel/core';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { timeline } from '../../panels/timeline.ts';
import { onBoard, sensor, sensorLegend } from '../../queries/benchSeries.ts';
import { marked, maxBy, minBy, present } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, matching, selector } from '../../queries/selector.ts';
import { thresholdsOf } from '../../queries/thresholds.ts';

export function temperatures(): PanelDefinition {
  return lines({
    id: 5,
    title: 'Temperatures',
    description:
      'The sensors plugged into the board, its own chip, the air around it, and on BENCHLAB 2 both ends of each 12V-2x6 connector. A connector end that runs away from the other one has a bad contact: switch off and look at it.',
    unit: grafanaUnit(metric.hwTemperature),
    queries: [metric.hwTemperature, metric.hwHostAmbientTemperature].map((temperature) =>
      query(marked(maxBy(sensor, selector(temperature, onBoard))), sensorLegend),
    ),
    thresholds: thresholdsOf('HardwareTemperatureHighWithoutLimit'),
    alerts: ['HardwareTemperatureHigh', 'HardwareTemperatureCritical', 'HardwareTemperatureHighWithoutLimit'],
    noValue: 'No temperature sensor',
    width: 12,
    height: 10,
  });
}

export function fanSpeed(): PanelDefinition {
  return lines({
    id: 6,
    title: 'Fans',
    description:
      'Speed of each fan on the board. 0 is a fan that stands still or is not plugged in; with drive above zero it is stalled.',
    unit: grafanaUnit(metric.hwFanSpeed),
    queries: [query(marked(maxBy(sensor, selector(metric.hwFanSpeed, onBoard))), sensorLegend)],
    alerts: ['HardwareFanStalled'],
    min: 0,
    noValue: 'No fan',
    width: 12,
    height: 10,
  });
}

export function faults(): PanelDefinition {
  const fault = [attribute.hwId, attribute.faultName, attribute.faultKind, attribute.simulated];
  return timeline(
    {
      id: 7,
      title: 'Faults',
      description:
        'Over-current, imbalance and over-temperature that BENCHLAB 2 reports. Live: present now. Latched: has been present since the log was last reset. A live fault of a 12V-2x6 connector is a reason to switch off at once.',
      unit: grafanaUnit(metric.benchlabFault),
      queries: [
        query(
          marked(present(maxBy(fault, selector(metric.benchlabFault, onBoard)))),
          `${legend(attribute.faultName)} (${legend(attribute.faultKind)}){{simulated}}`,
          { min: 1, max: 1, series: { min: 1, max: 60 } },
        ),
      ],
      alerts: ['HardwareConnectorFault', 'HardwareFaultLatched'],
      noValue: 'No fault',
      width: 12,
      height: 10,
    },
    { '1': { text: 'FAULT', color: 'red', index: 0 } },
  );
}

/** Closed: what the temperatures and fans above follow from. */
export function coolingDetails(): readonly PanelDefinition[] {
  const ofAlerts = matching(attribute.hwLimitType, '=~', 'high.degraded|high.critical');
  const limited = [attribute.hwParent, attribute.hwLimitType, attribute.simulated];
  return [
    lines({
      id: 41,
      title: 'Drive of the fans',
      description:
        'Share of full drive that the board gives each fan, and the speed of fans that report a share only. Drive above zero with a speed of 0 rpm is a fan that is stalled: clean or replace it.',
      unit: grafanaUnit(metric.benchlabFanDuty),
      queries: (
        [
          [metric.benchlabFanDuty, 'drive of'],
          [metric.hwFanSpeedRatio, 'speed of'],
        ] as const
      ).map(([share, what]) =>
        query(marked(maxBy(sensor, selector(share, onBoard))), `${what} ${sensorLegend}`, { min: 0, max: 1 }),
      ),
      noValue: 'No fan that is driven',
      min: 0,
      max: 1,
      alerts: ['HardwareFanStalled'],
      width: 12,
      height: 10,
    }),
    timeline(
      {
        id: 42,
        title: 'Fans that the board drives',
        description:
          'Whether the board drives each fan. A fan header that is off has nothing plugged in, or the profile of the board switches it off when it is cool.',
        unit: grafanaUnit(metric.benchlabFanEnabled),
        queries: [
          query(marked(maxBy(sensor, selector(metric.benchlabFanEnabled, onBoard))), sensorLegend, { min: 0, max: 1 }),
        ],
        noValue: 'No fan',
        alerts: ['HardwareFanStalled'],
        width: 12,
        height: 10,
      },
      { '0': { text: 'off', color: 'text', index: 0 }, '1': { text: 'driven', color: 'green', index: 1 } },
    ),
    lines({
      id: 43,
      title: 'Limits of temperature',
      description:
        'The lowest temperatures that each device states as too high and as critical, also those that are not boards. The alerts compare with these, not with a number of ours. Where a device states none, 90 °C is taken.',
      unit: grafanaUnit(metric.hwTemperatureLimit),
      queries: [
        query(
          marked(minBy(limited, selector(metric.hwTemperatureLimit, ofAlerts))),
          `${legend(attribute.hwParent)} ${legend(attribute.hwLimitType)}{{simulated}}`,
        ),
      ],
      noValue: 'No device states a limit',
      alerts: ['HardwareTemperatureHigh', 'HardwareTemperatureCritical'],
      legendAt: 'right',
      width: 24,
      height: 8,
    }),
    lines({
      id: 44,
      title: 'Humidity',
      description:
        'Relative humidity of the air around the bench. Below 0.3 static electricity is likely, above 0.6 water may condense on what is cooled below the temperature of the room.',
      unit: grafanaUnit(metric.benchlabHumidity),
      queries: [query(marked(maxBy(sensor, selector(metric.benchlabHumidity))), sensorLegend, { min: 0, max: 1 })],
      noValue: 'No sensor of humidity',
      min: 0,
      max: 1,
      opens: [['fleet', 'Fleet']],
      width: 24,
      height: 6,
    }),
    timeline(
      {
        id: 45,
        title: 'Parts that are not well',
        description:
          'Parts of the devices that report another state than ok, by the semantic conventions. Failed is a fault that is present: the runbook states what to switch off first.',
        unit: grafanaUnit(metric.hwStatus),
        queries: [
          query(
            marked(
              present(
                maxBy(
                  [attribute.hwId, attribute.hwState, attribute.simulated],
                  selector(metric.hwStatus, matching(attribute.hwState, '!=', 'ok')),
                ),
              ),
            ),
            `${legend(attribute.hwId)} ${legend(attribute.hwState)}{{simulated}}`,
            { min: 1, max: 1, series: { min: 1, max: 60 } },
          ),
        ],
        noValue: 'Every part is ok',
        alerts: ['HardwarePartFailed'],
        width: 24,
        height: 8,
      },
      { '1': { text: 'NOT OK', color: 'red', index: 0 } },
    ),
  ];
}
