// The panels of the dashboard "Bench host". Each description says what is shown, why, and what to do about it.
import { attribute, metric } from '@benchlab-otel/core';
import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { bars, figure, lines, stacked, timeline } from './panel.ts';
import { labels, legend, matching, selector } from './selector.ts';

const onBoard = matching(attribute.hwId, '=~', '($board).*');
const rails = matching(attribute.hwType, '=', 'power_rail');
// The parent of a rail is the board; that of a wire of a 12V-2x6 connector is the connector, whose figure has it already.
const wires = matching(attribute.hwParent, '=~', '.+/.+');
const noWires = matching(attribute.hwParent, '!~', '.+/.+');
const board = labels(attribute.hwId, attribute.simulated);
const namedBoard = labels(attribute.hwId, attribute.hwName, attribute.simulated);
const sensor = labels(attribute.hwId, attribute.hwSensorLocation, attribute.simulated);
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

export function hostPower(): cog.Builder<dashboard.Panel> {
  return figure({
    id: id.hostPower,
    title: 'Host power',
    description:
      'What the host draws now: the sum of the CPU, GPU and board rails behind the power supply. The loss of the supply, and what SATA and Molex leads feed, are outside of it. Nothing here while services run means that the meter is unplugged: see Sample age.',
    metric: metric.hwHostPower,
    queries: [
      { expr: marked(`max by (${namedBoard}) (${selector(metric.hwHostPower, onBoard)})`), legend: namedBoardLegend },
    ],
    noValue: 'No meter',
    width: 5,
    height: 4,
  });
}

export function hostEnergy(): cog.Builder<dashboard.Panel> {
  return figure({
    id: id.hostEnergy,
    title: 'Host energy',
    description:
      'Joules that the host has used in the time shown, integrated from every sample of the meter. To compare two runs, set the time to each of them. Time without samples adds nothing: see Sample age.',
    metric: metric.hwHostEnergy,
    queries: [
      {
        expr: marked(`max by (${namedBoard}) (increase(${selector(metric.hwHostEnergy, onBoard)}[$__range]))`),
        legend: namedBoardLegend,
      },
    ],
    noValue: 'No meter',
    width: 5,
    height: 4,
  });
}

export function hostPowerOverTime(): cog.Builder<dashboard.Panel> {
  return lines({
    id: id.hostPowerOverTime,
    title: 'Host power over time',
    description:
      'Mean power between two scrapes, from the energy counter: unlike the latest reading, it misses no peak. Where it and the rails below disagree, a scrape was lost.',
    metric: metric.hwHostEnergy,
    shows: 'rate',
    queries: [
      {
        expr: marked(`max by (${namedBoard}) (rate(${selector(metric.hwHostEnergy, onBoard)}[$__rate_interval]))`),
        legend: namedBoardLegend,
      },
    ],
    noValue: 'No meter',
    width: 14,
    height: 8,
  });
}

export function railPower(): cog.Builder<dashboard.Panel> {
  return stacked({
    id: id.railPower,
    title: 'Power of the rails',
    description:
      'What each power input draws, stacked: the outline is the host. EPS feeds the CPU, PCIE and HPWR the GPU, ATX the board and the slots. A GPU also draws from its slot, which is under ATX12V. A rail a little below zero is the offset of its shunt.',
    metric: metric.hwPower,
    queries: [
      {
        expr: marked(`max by (${sensor}) (${selector(metric.hwPower, onBoard, rails, noWires)})`),
        legend: sensorLegend,
      },
    ],
    noValue: 'No meter',
    width: 16,
    height: 10,
  });
}

export function energyPerRail(): cog.Builder<dashboard.Panel> {
  return bars({
    id: id.energyPerRail,
    title: 'Energy of the rails',
    description: 'Joules of each power input in the time shown: where the energy of a run went.',
    metric: metric.hwEnergy,
    queries: [
      {
        expr: marked(`max by (${sensor}) (increase(${selector(metric.hwEnergy, onBoard, rails)}[$__range]))`),
        legend: sensorLegend,
      },
    ],
    noValue: 'No meter',
    width: 8,
    height: 10,
  });
}

export function wirePower(): cog.Builder<dashboard.Panel> {
  return lines({
    id: id.wirePower,
    title: 'Wires of the 12V-2x6 connectors',
    description:
      'Power in each of the six wires of a connector (BENCHLAB 2). They should carry the same: one that carries much more than its neighbours does their work, and heats. Switch off, and reseat or replace the cable.',
    metric: metric.hwPower,
    queries: [
      {
        expr: marked(`max by (${sensor}) (${selector(metric.hwPower, onBoard, rails, wires)})`),
        legend: sensorLegend,
      },
    ],
    noValue: 'No connector with wire sensors',
    width: 12,
    height: 8,
  });
}

export function temperatures(): cog.Builder<dashboard.Panel> {
  return lines({
    id: id.temperatures,
    title: 'Temperatures',
    description:
      'The sensors plugged into the board, its own chip, the air around it, and on BENCHLAB 2 both ends of each 12V-2x6 connector. A connector end that runs away from the other one has a bad contact: switch off and look at it.',
    metric: metric.hwTemperature,
    queries: [metric.hwTemperature, metric.hwHostAmbientTemperature].map((temperature) => ({
      expr: marked(`max by (${sensor}) (${selector(temperature, onBoard)})`),
      legend: sensorLegend,
    })),
    noValue: 'No temperature sensor',
    width: 12,
    height: 8,
  });
}

export function fanSpeed(): cog.Builder<dashboard.Panel> {
  return lines({
    id: id.fanSpeed,
    title: 'Fans',
    description:
      'Speed of each fan on the board. 0 is a fan that stands still or is not plugged in; with drive above zero it is stalled.',
    metric: metric.hwFanSpeed,
    queries: [{ expr: marked(`max by (${sensor}) (${selector(metric.hwFanSpeed, onBoard)})`), legend: sensorLegend }],
    noValue: 'No fan',
    width: 12,
    height: 8,
  });
}

export function faults(): cog.Builder<dashboard.Panel> {
  const fault = labels(attribute.hwId, attribute.faultName, attribute.faultKind, attribute.simulated);
  return timeline(
    {
      id: id.faults,
      title: 'Faults',
      description:
        'Over-current, imbalance and over-temperature that BENCHLAB 2 reports. Live: present now. Latched: has been present since the log was last reset. A live fault of a 12V-2x6 connector is a reason to switch off at once.',
      metric: metric.benchlabFault,
      queries: [
        {
          expr: marked(`max by (${fault}) (${selector(metric.benchlabFault, onBoard)}) > 0`),
          legend: `${legend(attribute.faultName)} (${legend(attribute.faultKind)}){{simulated}}`,
        },
      ],
      noValue: 'No fault',
      width: 12,
      height: 8,
    },
    { '1': { text: 'FAULT', color: 'red', index: 0 } },
  );
}

export function sampleAge(): cog.Builder<dashboard.Panel> {
  return lines({
    id: id.sampleAge,
    title: 'Sample age',
    description:
      'Time since the latest sample of each board. It should stay under a second: a line that climbs is a board that is silent or unplugged, and then every other panel shows the past. Check the cable and the log of the process that reads the boards.',
    metric: metric.benchlabSampleAge,
    // The smallest: what arrives by a slower path looks older than it is.
    queries: [
      { expr: marked(`min by (${board}) (${selector(metric.benchlabSampleAge, onBoard)})`), legend: boardLegend },
    ],
    noValue: 'No board has been seen',
    width: 12,
    height: 8,
  });
}

export function polls(): cog.Builder<dashboard.Panel> {
  const outcome = labels(attribute.receiverName, attribute.pollOutcome);
  return lines({
    id: id.polls,
    title: 'Polls of the receivers',
    description:
      'How often each receiver asks its devices, by how it went. Anything but success and no_data means readings are missing: the log of the process that reads the boards says why.',
    metric: metric.benchlabReceiverPolls,
    shows: 'rate',
    queries: [
      {
        expr: `max by (${outcome}) (rate(${selector(metric.benchlabReceiverPolls)}[$__rate_interval]))`,
        legend: `${legend(attribute.receiverName)}: ${legend(attribute.pollOutcome)}`,
      },
    ],
    noValue: 'No receiver runs',
    width: 12,
    height: 8,
  });
}

/** Says in the legend what was measured on emulated hardware. */
function marked(expression: string): string {
  return `label_replace(${expression}, "simulated", " (simulated)", "${labels(attribute.simulated)}", "true")`;
}
