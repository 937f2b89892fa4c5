import { attribute, type MetricDefinition, metric } from '@benchlab-otel/core';
import { lines } from '../../panels/lines.ts';
import type { PanelDefinition } from '../../panels/panelDefinition.ts';
import { onGpu, simulatedLegend } from '../../queries/benchSeries.ts';
import { marked, maxBy, rate } from '../../queries/expressions.ts';
import { grafanaUnit } from '../../queries/grafanaUnit.ts';
import { query } from '../../queries/queryShape.ts';
import { legend, selector } from '../../queries/selector.ts';
import { meter, named, namedLegend, nothing, ofGpu, wide } from './series.ts';

export function healthPanels(): readonly PanelDefinition[] {
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
