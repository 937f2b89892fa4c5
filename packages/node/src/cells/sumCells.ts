import { createReport } from '@benchlab-otel/core';
import type { BindableInstrument } from '@benchlab-otel/sdk';
import { type Attributes, type HrTime, type MetricOptions, type UpDownCounter, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type SumMetricData } from '@opentelemetry/sdk-metrics';
import { Cells } from './cells.ts';

interface Cell {
  readonly attributes: Attributes;
  sum: number;
}

/** A counter, or an up-down counter, that adds in place. */
export class SumCells implements UpDownCounter, BindableInstrument {
  readonly #cells = new Cells<Cell>((attributes) => ({ attributes, sum: 0 }));
  readonly #descriptor: SumMetricData['descriptor'];
  readonly #isMonotonic: boolean;
  // Properties of the instance, so that a wrapper of the instrument can use them without it.
  readonly bind: BindableInstrument['bind'];
  readonly add: UpDownCounter['add'];

  constructor(name: string, { description = '', unit = '' }: MetricOptions, isMonotonic: boolean) {
    this.#descriptor = { name, description, unit, valueType: ValueType.DOUBLE };
    this.#isMonotonic = isMonotonic;
    const report = createReport(`metric ${name}`);
    this.bind = (attributes) => {
      const cell = this.#cells.of(attributes);
      return (value) => {
        if (isMonotonic ? value >= 0 : !Number.isNaN(value)) cell.sum += value;
        else report(`${value} cannot be added; it was dropped.`);
      };
    };
    this.add = (value, attributes = {}) => this.bind(attributes)(value);
  }

  collect(startTime: HrTime, endTime: HrTime): SumMetricData {
    return {
      descriptor: this.#descriptor,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.SUM,
      isMonotonic: this.#isMonotonic,
      dataPoints: this.#cells.all().map(({ attributes, sum }) => ({ attributes, value: sum, startTime, endTime })),
    };
  }
}
