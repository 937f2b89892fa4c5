// Panels of power and energy of a bench host.
import { attribute, metric } from '@benchlab-otel/core';
import { bars } from '../../panels/bars.ts';
import { figure } from '../../panels/figure.ts';
import { lines, stacked } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { boardLegend, namedBoard, namedBoardLegend, onBoard, sensor, sensorLegend } from '../../queries/benchSeries.ts';
import { increase, marked, maxBy, rate } from '../../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { matching, named, selector } from '../../queries/selector.ts';
import { eitherWay, thresholdsOf } from '../../queries/thresholds.ts';

const rails = matching(attribute.hwType, '=', 'power_rail');
// The parent of a rail is the board; that of a wire of a 12V-2x6 connector is the connector, whose figure has it already.
const wires = matching(attribute.hwParent, '=~', '.+/.+');
const noWires = matching(attribute.hwParent, '!~', '.+/.+');

export function hostPower(): PanelDefinition {
  return figure({
    id: 1,
    title: 'Host power',
    description:
      'What the host draws now: the sum of the CPU, GPU and board rails behind the power supply. The loss of the supply, and what SATA and Molex leads feed, are outside of it. Nothing here while services run means that the meter is unplugged: see Sample age.',
    unit: grafanaUnit(metric.hwHostPower),
    queries: [query(marked(maxBy(namedBoard, selector(metric.hwHostPower, onBoard))), boardLegend)],
    opens: [
      ['energy-per-operation', 'Energy per operation'],
      ['fleet', 'Fleet'],
    ],
    noValue: 'No meter',
    width: 12,
    height: 4,
  });
}

export function hostEnergy(): PanelDefinition {
  return figure({
    id: 2,
    title: 'Host energy',
    description:
      'Joules that the host has used in the time shown, integrated from every sample of the meter. To compare two runs, set the time to each of them. Time without samples adds nothing: see Sample age.',
    unit: grafanaUnit(metric.hwHostEnergy),
    queries: [query(marked(maxBy(namedBoard, increase(selector(metric.hwHostEnergy, onBoard)))), boardLegend)],
    opens: [['run-comparison', 'Run comparison']],
    noValue: 'No meter',
    width: 12,
    height: 4,
  });
}

export function hostPowerOverTime(): PanelDefinition {
  return lines({
    id: 11,
    title: 'Host power over time',
    description:
      'Mean power between two scrapes, from the energy counter: unlike the latest reading, it misses no peak. Where it and the rails below disagree, a scrape was lost.',
    unit: grafanaUnit(metric.hwHostEnergy, 'rate'),
    queries: [query(marked(maxBy(namedBoard, rate(selector(metric.hwHostEnergy, onBoard)))), namedBoardLegend)],
    opens: [['pipeline-latency-power', 'Pipeline latency and power']],
    noValue: 'No meter',
    width: 24,
    height: 8,
  });
}

export function railPower(): PanelDefinition {
  return stacked({
    id: 4,
    title: 'Power of the rails',
    description:
      'What each power input draws, stacked: the outline is the host. EPS feeds the CPU, PCIE and HPWR the GPU, ATX the board and the slots. A GPU also draws from its slot, which is under ATX12V. A rail a little below zero is the offset of its shunt.',
    unit: grafanaUnit(metric.hwPower),
    queries: [query(marked(maxBy(sensor, selector(metric.hwPower, onBoard, rails, noWires))), sensorLegend)],
    alerts: ['EnergyOffset'],
    opens: [['meter-disagreement', 'Meter disagreement']],
    noValue: 'No meter',
    legendAt: 'right',
    width: 16,
    height: 10,
  });
}

export function energyPerRail(): PanelDefinition {
  return bars({
    id: 3,
    title: 'Energy of the rails',
    description: 'Joules of each power input in the time shown: where the energy of a run went.',
    unit: grafanaUnit(metric.hwEnergy),
    queries: [query(marked(maxBy(sensor, increase(selector(metric.hwEnergy, onBoard, rails)))), sensorLegend)],
    opens: [['energy-per-operation', 'Energy per operation']],
    noValue: 'No meter',
    width: 8,
    height: 10,
  });
}

export function wirePower(): PanelDefinition {
  return lines({
    id: 10,
    title: 'Wires of the 12V-2x6 connectors',
    description:
      'Power in each of the six wires of a connector (BENCHLAB 2). They should carry the same: one that carries much more than its neighbours does their work, and heats. Switch off, and reseat or replace the cable.',
    unit: grafanaUnit(metric.hwPower),
    queries: [query(marked(maxBy(sensor, selector(metric.hwPower, onBoard, rails, wires))), sensorLegend)],
    alerts: ['HardwareConnectorImbalance'],
    noValue: 'No connector with wire sensors',
    width: 12,
    height: 10,
  });
}

export function railVoltage(): PanelDefinition {
  return lines({
    id: 12,
    title: 'Rails: deviation from nominal voltage',
    description:
      'How far each rail is from 12 V, 5 V or 3.3 V. The supply may be 5 % off either way; a rail beyond it under load has a weak supply, a thin cable or a bad contact. A rail that is switched off is not drawn.',
    unit: unitNamed('1'),
    queries: [
      // From a recording rule, which knows the nominal voltage of each rail.
      query(marked(maxBy(sensor, named('rail:hw_voltage_deviation:ratio', onBoard, noWires))), sensorLegend, {
        min: -1,
        max: 1,
      }),
    ],
    noValue: 'No rail with voltage',
    min: -0.1,
    max: 0.1,
    thresholds: eitherWay(thresholdsOf('HardwareRailVoltageOutOfTolerance')),
    alerts: ['HardwareRailVoltageOutOfTolerance', 'HardwareVoltageBeyondLimit'],
    width: 12,
    height: 10,
  });
}

export function connectorImbalance(): PanelDefinition {
  return lines({
    id: 13,
    title: 'Imbalance of the 12V-2x6 connectors',
    description:
      'How unevenly the wires of a connector share its current: largest less smallest, by their mean. 0.2 is usual, above 0.5 one wire does the work of another: switch off, and reseat or replace the cable.',
    unit: grafanaUnit(metric.benchlabConnectorImbalance),
    queries: [
      query(marked(maxBy(sensor, selector(metric.benchlabConnectorImbalance, onBoard))), sensorLegend, { min: 0 }),
    ],
    noValue: 'No connector under load',
    min: 0,
    thresholds: thresholdsOf('HardwareConnectorImbalance'),
    alerts: ['HardwareConnectorImbalance'],
    width: 12,
    height: 10,
  });
}

/** Closed: looked at when a rail of the panels above is wrong. */
export function railDetails(): readonly PanelDefinition[] {
  return [
    lines({
      id: 31,
      title: 'Voltage of the rails',
      description:
        'Volts at each input of the board. All 12 V rails of one supply move together under load; one that falls alone has a resistance in its way. Check its connector.',
      unit: grafanaUnit(metric.hwVoltage),
      queries: [
        query(marked(maxBy(sensor, selector(metric.hwVoltage, onBoard, rails, noWires))), sensorLegend, { min: 0 }),
      ],
      noValue: 'No meter',
      alerts: ['HardwareVoltageBeyondLimit'],
      legendAt: 'right',
      width: 24,
      height: 10,
    }),
    lines({
      id: 32,
      title: 'Current of the rails',
      description:
        'Amperes through each input of the board, which heat its contacts. A 12V-2x6 connector is made for 9.5 A a wire; at more, lower the power limit of the card.',
      unit: grafanaUnit(metric.benchlabCurrent),
      queries: [query(marked(maxBy(sensor, selector(metric.benchlabCurrent, onBoard, noWires))), sensorLegend)],
      noValue: 'No meter',
      alerts: ['HardwareConnectorImbalance'],
      legendAt: 'right',
      width: 24,
      height: 10,
    }),
    lines({
      id: 33,
      title: 'Energy below zero',
      description:
        'Mean power below zero that the energy counters leave out: the offset of a shunt at no load. Half a watt is more than a shunt in order has; calibrate the board, or subtract the baseline.',
      unit: grafanaUnit(metric.benchlabEnergyNegative, 'rate'),
      queries: [
        query(marked(maxBy(sensor, rate(selector(metric.benchlabEnergyNegative, onBoard)))), sensorLegend, { min: 0 }),
      ],
      noValue: 'No meter',
      min: 0,
      thresholds: thresholdsOf('EnergyOffset'),
      alerts: ['EnergyOffset'],
      legendAt: 'right',
      width: 24,
      height: 10,
    }),
    lines({
      id: 34,
      title: 'Power by the counters of the host',
      description:
        'What the processor, hwmon chips and GPUs report of their own power, next to what the board measures at their inputs. A meter inside a device leaves out the loss of its regulators: compare, and never add.',
      unit: grafanaUnit(metric.hwPower),
      queries: [
        query(
          marked(
            maxBy([...namedBoard, attribute.meter], selector(metric.hwPower, matching(attribute.meter, '!=', ''))),
          ),
          `${namedBoardLegend} {{benchlab_meter}}`,
          { min: 0 },
        ),
      ],
      noValue: 'No meter inside the host',
      min: 0,
      opens: [['meter-disagreement', 'Meter disagreement']],
      legendAt: 'right',
      width: 24,
      height: 8,
    }),
  ];
}
