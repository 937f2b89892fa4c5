// The dashboard "Bench host". Each description states what is shown, why, and what to do about it.
import { attribute, metric } from '@benchlab-otel/core';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { bars } from '../panels/bars.ts';
import { figure } from '../panels/figure.ts';
import { lines, stacked } from '../panels/lines.ts';
import type { PanelDefinition } from '../panels/panelDefinition.ts';
import { timeline } from '../panels/timeline.ts';
import { increase, marked, maxBy, minBy, present, rate } from '../queries/expressions.ts';
import { grafanaUnit } from '../queries/grafanaUnit.ts';
import { query } from '../queries/queryShape.ts';
import { legend, matching, selector } from '../queries/selector.ts';
import { boardVariables, sourceVariables } from '../queries/variables.ts';

const onBoard = matching(attribute.hwId, '=~', '($board).*');
const rails = matching(attribute.hwType, '=', 'power_rail');
// The parent of a rail is the board; that of a wire of a 12V-2x6 connector is the connector, whose figure has it already.
const wires = matching(attribute.hwParent, '=~', '.+/.+');
const noWires = matching(attribute.hwParent, '!~', '.+/.+');
const board = [attribute.hwId, attribute.simulated];
const namedBoard = [attribute.hwId, attribute.hwName, attribute.simulated];
const sensor = [attribute.hwId, attribute.hwSensorLocation, attribute.simulated];
const sensorLegend = `${legend(attribute.hwSensorLocation)}{{simulated}}`;
const boardLegend = `${legend(attribute.hwId)}{{simulated}}`;
const namedBoardLegend = `${legend(attribute.hwName)} ${boardLegend}`;

/** Panel ids: fixed for ever. A removed panel's number is not given again. Next: 12. */
const id = {
  hostPower: 1,
  hostEnergy: 2,
  energyPerRail: 3,
  railPower: 4,
  temperatures: 5,
  fanSpeed: 6,
  faults: 7,
  sampleAge: 8,
  polls: 9,
  wirePower: 10,
  hostPowerOverTime: 11,
} as const;

/** One bench: what it draws, where, how warm it is, and whether its figures can be trusted. */
export function benchHost(): DashboardDefinition {
  return {
    name: 'bench-host',
    folder: 'Bench',
    title: 'Bench host',
    description: 'Power, energy, temperatures and fans of a bench host, as its BENCHLAB measures them.',
    tags: ['bench'],
    from: 'now-15m',
    refresh: '10s',
    variables: [...sourceVariables(), ...boardVariables()],
    panels: [
      hostPower(),
      hostEnergy(),
      hostPowerOverTime(),
      railPower(),
      energyPerRail(),
      wirePower(),
      temperatures(),
      fanSpeed(),
      faults(),
      sampleAge(),
      polls(),
    ],
  };
}

function hostPower(): PanelDefinition {
  return figure({
    id: id.hostPower,
    title: 'Host power',
    description:
      'What the host draws now: the sum of the CPU, GPU and board rails behind the power supply. The loss of the supply, and what SATA and Molex leads feed, are outside of it. Nothing here while services run means that the meter is unplugged: see Sample age.',
    unit: grafanaUnit(metric.hwHostPower),
    queries: [query(marked(maxBy(namedBoard, selector(metric.hwHostPower, onBoard))), namedBoardLegend)],
    noValue: 'No meter',
    width: 5,
    height: 4,
  });
}

function hostEnergy(): PanelDefinition {
  return figure({
    id: id.hostEnergy,
    title: 'Host energy',
    description:
      'Joules that the host has used in the time shown, integrated from every sample of the meter. To compare two runs, set the time to each of them. Time without samples adds nothing: see Sample age.',
    unit: grafanaUnit(metric.hwHostEnergy),
    queries: [query(marked(maxBy(namedBoard, increase(selector(metric.hwHostEnergy, onBoard)))), namedBoardLegend)],
    noValue: 'No meter',
    width: 5,
    height: 4,
  });
}

function hostPowerOverTime(): PanelDefinition {
  return lines({
    id: id.hostPowerOverTime,
    title: 'Host power over time',
    description:
      'Mean power between two scrapes, from the energy counter: unlike the latest reading, it misses no peak. Where it and the rails below disagree, a scrape was lost.',
    unit: grafanaUnit(metric.hwHostEnergy, 'rate'),
    queries: [query(marked(maxBy(namedBoard, rate(selector(metric.hwHostEnergy, onBoard)))), namedBoardLegend)],
    noValue: 'No meter',
    width: 14,
    height: 8,
  });
}

function railPower(): PanelDefinition {
  return stacked({
    id: id.railPower,
    title: 'Power of the rails',
    description:
      'What each power input draws, stacked: the outline is the host. EPS feeds the CPU, PCIE and HPWR the GPU, ATX the board and the slots. A GPU also draws from its slot, which is under ATX12V. A rail a little below zero is the offset of its shunt.',
    unit: grafanaUnit(metric.hwPower),
    queries: [query(marked(maxBy(sensor, selector(metric.hwPower, onBoard, rails, noWires))), sensorLegend)],
    noValue: 'No meter',
    width: 16,
    height: 10,
  });
}

function energyPerRail(): PanelDefinition {
  return bars({
    id: id.energyPerRail,
    title: 'Energy of the rails',
    description: 'Joules of each power input in the time shown: where the energy of a run went.',
    unit: grafanaUnit(metric.hwEnergy),
    queries: [query(marked(maxBy(sensor, increase(selector(metric.hwEnergy, onBoard, rails)))), sensorLegend)],
    noValue: 'No meter',
    width: 8,
    height: 10,
  });
}

function wirePower(): PanelDefinition {
  return lines({
    id: id.wirePower,
    title: 'Wires of the 12V-2x6 connectors',
    description:
      'Power in each of the six wires of a connector (BENCHLAB 2). They should carry the same: one that carries much more than its neighbours does their work, and heats. Switch off, and reseat or replace the cable.',
    unit: grafanaUnit(metric.hwPower),
    queries: [query(marked(maxBy(sensor, selector(metric.hwPower, onBoard, rails, wires))), sensorLegend)],
    noValue: 'No connector with wire sensors',
    width: 12,
    height: 8,
  });
}

function temperatures(): PanelDefinition {
  return lines({
    id: id.temperatures,
    title: 'Temperatures',
    description:
      'The sensors plugged into the board, its own chip, the air around it, and on BENCHLAB 2 both ends of each 12V-2x6 connector. A connector end that runs away from the other one has a bad contact: switch off and look at it.',
    unit: grafanaUnit(metric.hwTemperature),
    queries: [metric.hwTemperature, metric.hwHostAmbientTemperature].map((temperature) =>
      query(marked(maxBy(sensor, selector(temperature, onBoard))), sensorLegend),
    ),
    noValue: 'No temperature sensor',
    width: 12,
    height: 8,
  });
}

function fanSpeed(): PanelDefinition {
  return lines({
    id: id.fanSpeed,
    title: 'Fans',
    description:
      'Speed of each fan on the board. 0 is a fan that stands still or is not plugged in; with drive above zero it is stalled.',
    unit: grafanaUnit(metric.hwFanSpeed),
    queries: [query(marked(maxBy(sensor, selector(metric.hwFanSpeed, onBoard))), sensorLegend)],
    noValue: 'No fan',
    width: 12,
    height: 8,
  });
}

function faults(): PanelDefinition {
  const fault = [attribute.hwId, attribute.faultName, attribute.faultKind, attribute.simulated];
  return timeline(
    {
      id: id.faults,
      title: 'Faults',
      description:
        'Over-current, imbalance and over-temperature that BENCHLAB 2 reports. Live: present now. Latched: has been present since the log was last reset. A live fault of a 12V-2x6 connector is a reason to switch off at once.',
      unit: grafanaUnit(metric.benchlabFault),
      queries: [
        query(
          marked(present(maxBy(fault, selector(metric.benchlabFault, onBoard)))),
          `${legend(attribute.faultName)} (${legend(attribute.faultKind)}){{simulated}}`,
          { min: 1, max: 1, series: { min: 0, max: 60 } },
        ),
      ],
      noValue: 'No fault',
      width: 12,
      height: 8,
    },
    { '1': { text: 'FAULT', color: 'red', index: 0 } },
  );
}

function sampleAge(): PanelDefinition {
  return lines({
    id: id.sampleAge,
    title: 'Sample age',
    description:
      'Time since the latest sample of each board. It should stay under a second: a line that climbs is a board that is silent or unplugged, and then every other panel shows the past. Check the cable and the log of the process that reads the boards.',
    unit: grafanaUnit(metric.benchlabSampleAge),
    // The smallest: what arrives by a slower path looks older than it is.
    queries: [query(marked(minBy(board, selector(metric.benchlabSampleAge, onBoard))), boardLegend)],
    noValue: 'No board has been seen',
    width: 12,
    height: 8,
  });
}

function polls(): PanelDefinition {
  const outcome = [attribute.receiverName, attribute.pollOutcome];
  return lines({
    id: id.polls,
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
    noValue: 'No receiver runs',
    width: 12,
    height: 8,
  });
}
