import { attribute, metric } from '@benchlab-otel/core';
import type { DashboardDefinition } from '../dashboardDefinition.ts';
import { bars } from '../panels/bars.ts';
import { figure } from '../panels/figure.ts';
import { lines, stacked } from '../panels/lines.ts';
import { table } from '../panels/table.ts';
import { timeline } from '../panels/timeline.ts';
import { board, boardLegend, namedBoard, namedBoardLegend } from '../queries/benchSeries.ts';
import { increase, mapped, marked, maxBy, minBy, present, rate } from '../queries/expressions.ts';
import { grafanaUnit, unitNamed } from '../queries/grafanaUnit.ts';
import { query } from '../queries/queryShape.ts';
import { legend, matching, named, selector } from '../queries/selector.ts';
import { thresholdsOf } from '../queries/thresholds.ts';
import { nodeVariable, serviceVariables, sourceVariables } from '../queries/variables.ts';

// A series without the label matches too: a bench alone names no host.
const onNode = 'host_name=~"$node"';
const up = { '0': { text: 'DOWN', color: 'red', index: 0 }, '1': { text: 'up', color: 'green', index: 1 } };

/** All benches: which of them is up, what they draw together, and which one needs a person. */
export function fleet(): DashboardDefinition {
  return {
    name: 'fleet',
    folder: 'Bench',
    title: 'Fleet',
    description:
      'All benches on one page: what is up, what fires, what they draw, and which of them is warm or silent.',
    tags: ['bench', 'fleet'],
    from: 'now-1h',
    refresh: '30s',
    variables: [...sourceVariables(), ...serviceVariables('up'), nodeVariable('up')],
    panels: [
      figure({
        id: 1,
        title: 'Power of all benches',
        description:
          'Watts of all boards together, now. Emulated boards are left out: they heat no room. A sudden fall is a bench that is silent: see Sample age.',
        unit: grafanaUnit(metric.hwHostPower),
        queries: [
          query(
            {
              expr: `sum(max by (hw_id) (${selector(metric.hwHostPower, onNode, matching(attribute.simulated, '=', ''))}))`,
              labels: [],
            },
            'measured, not emulated',
            { min: 0, series: { min: 1, max: 1 } },
          ),
        ],
        noValue: 'No meter',
        min: 0,
        opens: [['bench-host', 'Bench host']],
        width: 6,
        height: 4,
      }),
      figure({
        id: 2,
        title: 'Boards',
        description:
          'Boards and other devices with a latest sample, emulated ones included. Fewer than are plugged in: look at Sample age, then at the cable.',
        unit: unitNamed('{device}'),
        queries: [
          query(
            { expr: `count(max by (hw_id) (${selector(metric.benchlabSampleAge, onNode)}))`, labels: [] },
            'devices, simulated ones too',
            { min: 0, series: { min: 1, max: 1 } },
          ),
        ],
        noValue: 'No device',
        alerts: ['SamplesAbsent', 'DeviceGone'],
        width: 6,
        height: 4,
      }),
      figure({
        id: 3,
        title: 'Targets that are down',
        description:
          'Pages that Prometheus cannot reach now. Each is a bench, a service or a part of the monitoring that is blind.',
        unit: unitNamed('{target}'),
        queries: [query({ expr: `sum(${named('up', onNode)} == bool 0)`, labels: [] }, 'down', { min: 0 })],
        noValue: 'No target',
        thresholds: {
          unit: unitNamed('{target}'),
          steps: [
            { value: null, color: 'green' },
            { value: 1, color: 'red' },
          ],
        },
        alerts: ['TargetDown', 'BitNetRustServiceDown'],
        opens: [['stack', 'Stack']],
        width: 6,
        height: 4,
      }),
      figure({
        id: 4,
        title: 'Alerts that fire',
        description:
          'Alerts that fire now, by severity. Critical ones call a person, warnings wait for today, info is for this page. Watchdog always fires, as info.',
        unit: unitNamed('{alert}'),
        queries: [
          query(
            { expr: `count by (severity) (${named('ALERTS', 'alertstate="firing"')})`, labels: ['severity'] },
            '{{severity}}',
            { min: 1, series: { min: 1, max: 3 } },
          ),
        ],
        noValue: 'No alert fires',
        alerts: ['Watchdog'],
        width: 6,
        height: 4,
      }),
      timeline(
        {
          id: 5,
          title: 'Targets',
          description:
            'Each host, while all of its pages were up, or one was down: Stack has the page. A gap that several hosts share is the network, or Prometheus.',
          unit: unitNamed(''),
          queries: [
            query(
              mapped(
                minBy(['host_name'], named('up', onNode)),
                (expr) => `label_replace(${expr}, "host_name", "no host", "host_name", "")`,
              ),
              '{{host_name}}',
              { min: 0, max: 1 },
            ),
          ],
          noValue: 'No target',
          alerts: ['TargetDown'],
          opens: [['stack', 'Stack']],
          width: 12,
          height: 9,
        },
        up,
      ),
      table({
        id: 6,
        title: 'What fires',
        description: 'Each alert that fires now, with its host. The runbook of an alert states what to do.',
        unit: unitNamed(''),
        columns: { alertname: 'Alert', severity: 'Severity', job: 'Job', instance: 'Instance', hw_id: 'Device' },
        queries: [
          query(
            maxBy(['alertname', 'severity', 'job', 'instance', 'hw_id'], named('ALERTS', 'alertstate="firing"')),
            'Firing',
            { min: 1, max: 1, series: { min: 1, max: 500 } },
          ),
        ],
        noValue: 'No alert fires',
        alerts: ['Watchdog'],
        width: 12,
        height: 9,
      }),
      stacked({
        id: 7,
        title: 'Power of each bench',
        description:
          'What each host draws, put on top of each other: the outline is what the room and the supply must carry. Simulated boards are marked in the legend.',
        unit: grafanaUnit(metric.hwHostEnergy, 'rate'),
        queries: [
          query(marked(maxBy(namedBoard, rate(selector(metric.hwHostEnergy, onNode)))), namedBoardLegend, { min: 0 }),
        ],
        noValue: 'No meter',
        min: 0,
        opens: [['bench-host', 'Bench host']],
        width: 12,
        height: 9,
      }),
      bars({
        id: 8,
        title: 'Energy of each bench',
        description:
          'Joules of each host in the time shown. A bench that does nothing and uses much is to be switched off.',
        unit: grafanaUnit(metric.hwHostEnergy),
        queries: [
          query(marked(maxBy(namedBoard, increase(selector(metric.hwHostEnergy, onNode)))), namedBoardLegend, {
            min: 0,
          }),
        ],
        noValue: 'No meter',
        min: 0,
        opens: [['run-comparison', 'Run comparison']],
        width: 12,
        height: 9,
      }),
      lines({
        id: 9,
        title: 'Highest temperature of each part',
        description:
          'The warmest sensor of each kind of part and each parent device. One that leaves its neighbours is a fan or a contact: open Bench host for the sensor.',
        unit: grafanaUnit(metric.hwTemperature),
        queries: [
          query(
            marked(maxBy([attribute.hwParent, attribute.simulated], selector(metric.hwTemperature, onNode))),
            `${legend(attribute.hwParent)}{{simulated}}`,
          ),
        ],
        noValue: 'No temperature sensor',
        thresholds: thresholdsOf('HardwareTemperatureHighWithoutLimit'),
        alerts: ['HardwareTemperatureHigh', 'HardwareTemperatureCritical'],
        opens: [['bench-host', 'Bench host']],
        width: 12,
        height: 8,
      }),
      lines({
        id: 10,
        title: 'Sample age',
        description:
          'Time since the latest sample of each device. A line that climbs is a device that is silent: what it shows elsewhere is the past.',
        unit: grafanaUnit(metric.benchlabSampleAge),
        queries: [query(marked(minBy(board, selector(metric.benchlabSampleAge, onNode))), boardLegend, { min: 0 })],
        noValue: 'No device',
        min: 0,
        thresholds: thresholdsOf('SamplesStale'),
        alerts: ['SamplesStale', 'DeviceGone'],
        opens: [['telemetry-health', 'Telemetry health']],
        width: 12,
        height: 8,
      }),
      timeline(
        {
          id: 11,
          title: 'Faults of the boards',
          description:
            'Faults that are present or have been. A live fault of a 12V-2x6 connector is a reason to switch that bench off at once.',
          unit: grafanaUnit(metric.benchlabFault),
          queries: [
            query(
              marked(
                present(
                  maxBy(
                    [attribute.hwId, attribute.faultName, attribute.simulated],
                    selector(metric.benchlabFault, onNode),
                  ),
                ),
              ),
              `${legend(attribute.faultName)} ${boardLegend}`,
              { min: 1, max: 1, series: { min: 1, max: 60 } },
            ),
          ],
          noValue: 'No fault',
          alerts: ['HardwareConnectorFault'],
          opens: [['bench-host', 'Bench host']],
          width: 12,
          height: 8,
        },
        { '1': { text: 'FAULT', color: 'red', index: 0 } },
      ),
      lines({
        id: 12,
        title: 'CPU and memory of the hosts',
        description: 'How busy each machine is. A bench that should be idle and is not disturbs the next measurement.',
        unit: unitNamed('%'),
        queries: [
          query(maxBy(['host_name'], selector(metric.systemCpuUsage, onNode)), 'CPU {{host_name}}', {
            min: 0,
            max: 100,
          }),
          query(maxBy(['host_name'], selector(metric.systemMemoryUsage, onNode)), 'Memory {{host_name}}', {
            min: 0,
            max: 100,
          }),
        ],
        noValue: 'No receiver of the host',
        min: 0,
        max: 100,
        thresholds: thresholdsOf('BitNetSystemHighCPU', 'BitNetSystemHighMemory'),
        alerts: ['BitNetSystemHighCPU', 'BitNetSystemHighMemory'],
        width: 12,
        height: 8,
      }),
      table({
        id: 13,
        title: 'Versions',
        description:
          'What runs where: name and version of each service, from target_info. Benches that should compare need the same versions.',
        unit: unitNamed(''),
        columns: { job: 'Job', instance: 'Instance', host_name: 'Host', service_version: 'Version' },
        queries: [
          query(maxBy(['job', 'instance', 'host_name', 'service_version'], named('target_info')), 'Seen', {
            min: 1,
            max: 1,
          }),
        ],
        noValue: 'No service states its version',
        opens: [['run-comparison', 'Run comparison']],
        width: 24,
        height: 8,
      }),
    ],
  };
}
