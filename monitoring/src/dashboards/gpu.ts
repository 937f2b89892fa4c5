import { attribute, type MetricDefinition, metric, prometheusName } from '@benchlab-otel/core';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { bars } from '../panels/bars.ts';
import { figure } from '../panels/figure.ts';
import { lines } from '../panels/lines.ts';
import type { PanelDefinition } from '../panels/panelDefinition.ts';
import { table } from '../panels/table.ts';
import { timeline } from '../panels/timeline.ts';
import { onGpu, simulatedLegend } from '../queries/benchSeries.ts';
import { increase, marked, maxBy, present, rate } from '../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../queries/grafanaUnit.ts';
import { type Expected, type PanelQuery, query } from '../queries/queryShape.ts';
import { legend, matching, selector } from '../queries/selector.ts';
import { labelVariable, serviceVariables, sourceVariables } from '../queries/variables.ts';

const nothing = 'No GPU is read';
const wide = { width: 12, height: 10 };
const meter = matching(attribute.hwType, '=', 'gpu');
// NVML's form of a UUID: with all GPUs chosen, the boards' own sensors would match too.
const ofGpu = matching(attribute.hwParent, '=~', 'GPU-.*');

/** GPUs as their own management library (NVML) reports them. */
export function gpu(): DashboardDefinition {
  const job = 'job=~"$job",instance=~"$instance"';
  return {
    name: 'gpu',
    folder: 'Bench',
    title: 'GPU',
    description: 'Power, use, clocks, memory and health of GPUs, as NVML or nvidia-smi reports them to the receiver.',
    tags: ['bench', 'gpu'],
    from: 'now-15m',
    refresh: '10s',
    variables: [
      ...sourceVariables(),
      ...serviceVariables(metric.hwGpuUtilization),
      labelVariable('gpu', 'GPU', `${prometheusName(metric.hwGpuUtilization)}{${job}}`, attribute.hwId),
    ],
    panels: [...powerPanels(), ...usePanels(), ...clockPanels(), ...healthPanels()],
    sections: [{ id: 40, title: 'Processes and link', panels: detailPanels() }],
  };
}

function powerPanels(): readonly PanelDefinition[] {
  return [
    figure({
      id: 1,
      title: 'Power of the GPU',
      description:
        'What each GPU draws now, by its own meter: a mean over about a second, before it reaches the chip. Nothing here means that no driver answers; look at the polls on Telemetry health.',
      unit: grafanaUnit(metric.hwPower),
      queries: [of(metric.hwPower, [], '', { min: 0 }, meter)],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      width: 12,
      height: 4,
    }),
    figure({
      id: 2,
      title: 'Energy of the GPU',
      description:
        'Joules that each GPU has used in the time shown, by its own counter. For the energy of a run, set the time to the run; for that of a call, see Energy per operation.',
      unit: grafanaUnit(metric.hwEnergy),
      queries: [
        query(marked(maxBy(named, increase(selector(metric.hwEnergy, onGpu, meter)))), namedLegend, { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      opens: [['energy-per-operation', 'Energy per operation']],
      width: 12,
      height: 4,
    }),
    figure({
      id: 3,
      title: 'Processes on the GPU',
      description:
        'Processes that have a context on each GPU. On a bench that measures one application there is one: end what else uses the card.',
      unit: grafanaUnit(metric.benchlabGpuProcesses),
      queries: [of(metric.benchlabGpuProcesses, [], '', { min: 0 })],
      noValue: nothing,
      min: 0,
      opens: [['bench-host', 'Bench host']],
      width: 12,
      height: 4,
    }),
    figure({
      id: 4,
      title: 'Performance state',
      description:
        'P0 is the fastest state, P15 the slowest. A GPU that stays slow under load is limited: the panel Why the clocks are limited states by what.',
      unit: grafanaUnit(metric.benchlabGpuPerformanceState),
      queries: [of(metric.benchlabGpuPerformanceState, [], '', { min: 0, max: 15 })],
      noValue: nothing,
      min: 0,
      max: 15,
      alerts: ['HardwarePowerCap'],
      width: 12,
      height: 4,
    }),
    lines({
      id: 5,
      title: 'Power and its limit',
      description:
        'Power by the meter of the card: a mean over a second, the value of this instant, and the limit that it keeps to. At the limit the card lowers its clocks: raise the limit, or report results as limited by power.',
      unit: grafanaUnit(metric.hwPower),
      queries: [
        of(metric.hwPower, [], 'mean of a second', { min: 0 }, meter),
        of(metric.benchlabGpuPowerInstant, [], 'now', { min: 0 }),
        of(metric.benchlabGpuPowerLimit, [], 'limit', { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      alerts: ['HardwarePowerCap'],
      opens: [['meter-disagreement', 'Meter disagreement']],
      legendAt: 'right',
      width: 24,
      height: 8,
    }),
  ];
}

function usePanels(): readonly PanelDefinition[] {
  return [
    lines({
      id: 6,
      title: 'Use of the GPU',
      description:
        'Share of the time in which each part of the GPU worked. 1 means always busy, and not that all of its units are: compare with the power. A GPU that waits is starved by the CPU or by the disk.',
      unit: grafanaUnit(metric.hwGpuUtilization),
      queries: [of(metric.hwGpuUtilization, [attribute.hwGpuTask], legend(attribute.hwGpuTask), { min: 0, max: 1 })],
      noValue: nothing,
      min: 0,
      max: 1,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      legendAt: 'right',
      width: 24,
      height: 10,
    }),
    lines({
      id: 7,
      title: 'Memory of the GPU',
      description:
        'Memory that is used, and that the card has. A model that does not fit fails or moves data over PCIe at every step: take a smaller one or a smaller batch.',
      unit: grafanaUnit(metric.hwGpuMemoryUsage),
      queries: [
        of(metric.hwGpuMemoryUsage, [], 'used', { min: 0 }),
        of(metric.hwGpuMemoryLimit, [], 'all', { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
    bars({
      id: 8,
      title: 'Share of the memory that is used',
      description:
        'The fullest GPU limits what can be loaded next. At 1, a further allocation fails: free memory first.',
      unit: grafanaUnit(metric.hwGpuMemoryUtilization),
      queries: [of(metric.hwGpuMemoryUtilization, [], '', { min: 0, max: 1 })],
      noValue: nothing,
      min: 0,
      max: 1,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
  ];
}

function clockPanels(): readonly PanelDefinition[] {
  return [
    lines({
      id: 9,
      title: 'Clocks',
      description:
        'Clocks of the parts of the GPU. Runs compare only at equal clocks: one that falls in the middle of a run is heat or the power limit.',
      unit: grafanaUnit(metric.benchlabGpuClock),
      queries: [of(metric.benchlabGpuClock, [attribute.gpuClock], legend(attribute.gpuClock), { min: 0 })],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
    bars({
      id: 10,
      title: 'Highest clocks',
      description: 'What the clocks could be. A card that stays far below under load is limited: see the next panel.',
      unit: grafanaUnit(metric.benchlabGpuClockLimit),
      queries: [of(metric.benchlabGpuClockLimit, [attribute.gpuClock], legend(attribute.gpuClock), { min: 0 })],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
    timeline(
      {
        id: 11,
        title: 'Why the clocks are limited',
        description:
          'Reasons that the driver gives for clocks below their maximum. Idle and application clocks are well; thermal reasons need air, a power brake needs another supply or cable, a power cap a higher limit.',
        unit: grafanaUnit(metric.benchlabGpuClockEvent),
        queries: [
          query(
            marked(present(maxBy([...named, attribute.gpuClockReason], selector(metric.benchlabGpuClockEvent, onGpu)))),
            `${legend(attribute.gpuClockReason)} ${namedLegend}`,
            { min: 1, max: 1, series: { min: 1, max: 60 } },
          ),
        ],
        noValue: 'The clocks are at their maximum',
        alerts: ['HardwareGpuSlowdown', 'HardwarePowerCap'],
        width: 24,
        height: 8,
      },
      { '1': { text: 'limited', color: 'orange', index: 0 } },
    ),
  ];
}

function healthPanels(): readonly PanelDefinition[] {
  // By the card: the id of a sensor is that of its card and its place again.
  const located: readonly string[] = [attribute.hwParent, attribute.hwSensorLocation, attribute.simulated];
  const place = `${legend(attribute.hwSensorLocation)} ${legend(attribute.hwParent)}${simulatedLegend}`;
  const at = (series: MetricDefinition, name: string, by = located) =>
    query(marked(maxBy(by, selector(series, onGpu, ofGpu))), `${name}${place}`, {
      min: 0,
    });
  return [
    lines({
      id: 12,
      title: 'Temperatures of the GPU and its limits',
      description:
        'The chip and its memory, with the temperatures at which the card slows down and switches off. A card near its limit throttles: clean the fans, give it air.',
      unit: grafanaUnit(metric.hwTemperature),
      queries: [
        at(metric.hwTemperature, ''),
        at(metric.hwTemperatureLimit, `limit ${legend(attribute.hwLimitType)} `, [...located, attribute.hwLimitType]),
      ],
      noValue: nothing,
      alerts: ['HardwareTemperatureHigh', 'HardwareTemperatureCritical', 'HardwareGpuSlowdown'],
      legendAt: 'right',
      width: 24,
      height: 10,
    }),
    lines({
      id: 13,
      title: 'Fans of the GPU',
      description:
        'Speed of the fans of the card. A fan that stands under load is stalled, or the card is cooled by water.',
      unit: grafanaUnit(metric.hwFanSpeed),
      queries: [at(metric.hwFanSpeed, '')],
      noValue: 'No fan',
      min: 0,
      alerts: ['HardwareFanStalled'],
      ...wide,
    }),
    lines({
      id: 14,
      title: 'Errors of the memory',
      description:
        'ECC errors in the time of a step, by kind. Corrected ones are noise while they are few; an uncorrected one has ended a process or spoiled a result: follow the runbook.',
      unit: grafanaUnit(metric.hwErrors, 'rate'),
      queries: [
        query(
          marked(maxBy([...named, attribute.errorType], rate(selector(metric.hwErrors, onGpu, meter)))),
          `${legend(attribute.errorType)} ${namedLegend}`,
          { min: 0 },
        ),
      ],
      noValue: 'The GPU counts no errors',
      min: 0,
      alerts: ['HardwareGpuMemoryErrors', 'HardwareGpuXid', 'HardwareGpuRowRemapFailure'],
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
  ];
}

/** Closed: who uses the card, and how data reaches it. */
function detailPanels(): readonly PanelDefinition[] {
  const direction = attribute.networkIoDirection;
  return [
    table({
      id: 41,
      title: 'Processes by their use of the GPU',
      description:
        'Memory and share of the last second of each process. The process ids are those of the host, also for containers: `ps -p ID` there gives the command.',
      unit: grafanaUnit(metric.benchlabGpuProcessMemory),
      columns: { hw_id: 'GPU', process_pid: 'Process', simulated: 'Emulated' },
      queries: [
        query(
          marked(
            maxBy(
              [attribute.hwId, attribute.processPid, attribute.simulated],
              selector(metric.benchlabGpuProcessMemory, onGpu),
            ),
          ),
          'Memory',
          { min: 0 },
        ),
        query(
          marked(
            maxBy(
              [attribute.hwId, attribute.processPid, attribute.simulated],
              selector(metric.benchlabGpuProcessUtilization, onGpu, matching(attribute.hwGpuTask, '=', 'general')),
            ),
          ),
          'Use',
          { min: 0, max: 1 },
        ),
      ],
      units: { Use: unitNamed('1') },
      noValue: 'No process uses a GPU',
      opens: [['energy-per-operation', 'Energy per operation']],
      width: 24,
      height: 8,
    }),
    lines({
      id: 42,
      title: 'Bytes over PCIe',
      description:
        'Bytes over the link in the 20 ms before each poll: a look, not a sum. Near the speed of the link, the GPU waits for data.',
      unit: grafanaUnit(metric.benchlabGpuPcieThroughput),
      queries: [of(metric.benchlabGpuPcieThroughput, [direction], legend(direction), { min: 0 })],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      ...wide,
    }),
    lines({
      id: 43,
      title: 'PCIe link: generation and lanes',
      description:
        'What the link runs at now. It drops when the card is idle; a card that has fewer lanes under load than its slot sits badly, or shares them: reseat it, look into the firmware.',
      unit: grafanaUnit(metric.benchlabGpuPcieLinkWidth),
      queries: [
        of(metric.benchlabGpuPcieLinkGeneration, [], 'generation', { min: 0 }),
        of(metric.benchlabGpuPcieLinkWidth, [], 'lanes', { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      opens: [['bench-host', 'Bench host']],
      ...wide,
    }),
    lines({
      id: 44,
      title: 'Packets sent again over PCIe',
      description: 'Replays of the link. More than a few a day are a bad contact or riser: reseat the card without it.',
      unit: grafanaUnit(metric.benchlabGpuPcieReplays, 'rate'),
      queries: [
        query(marked(maxBy(named, rate(selector(metric.benchlabGpuPcieReplays, onGpu)))), namedLegend, { min: 0 }),
      ],
      noValue: nothing,
      min: 0,
      opens: [['gpu-dcgm', 'GPU (DCGM)']],
      width: 24,
      height: 8,
    }),
  ];
}

const named = [attribute.hwId, attribute.hwName, attribute.simulated] as const;
const namedLegend = `${legend(attribute.hwName)} ${legend(attribute.hwId)}${simulatedLegend}`;

/** One line for each GPU, and for each value of `more`. */
function of(
  series: MetricDefinition,
  more: readonly string[],
  name: string,
  expected: Expected,
  ...matchers: readonly string[]
): PanelQuery {
  const text = name === '' ? namedLegend : `${name} ${namedLegend}`;
  return query(marked(maxBy([...named, ...more], selector(series, onGpu, ...matchers))), text, expected);
}
