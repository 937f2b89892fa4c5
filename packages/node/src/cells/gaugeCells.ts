import type { BindableInstrument, ForgetfulGauge } from '@benchlab-otel/sdk';
import { type Attributes, type Gauge, type HrTime, type MetricOptions, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type GaugeMetricData } from '@opentelemetry/sdk-metrics';
import { Cells } from './cells.ts';

interface Cell {
  readonly attributes: Attributes;
  /** Undefined: nothing has been recorded yet, or it was forgotten. */
  value: number | undefined;
}

/** A gauge whose values can be taken back, which a gauge of the SDK has no way to do. */
export class GaugeCells implements Gauge, BindableInstrument, ForgetfulGauge {
  readonly #cells = new Cells<Cell>((attributes) => ({ attributes, value: undefined }));
  readonly #descriptor: GaugeMetricData['descriptor'];
  // Properties of the instance, so that a wrapper of the instrument can use them without it.
  readonly bind: BindableInstrument['bind'];
  readonly record: Gauge['record'];
  readonly forget: ForgetfulGauge['forget'];

  constructor(name: string, { description = '', unit = '' }: MetricOptions) {
    this.#descriptor = { name, description, unit, valueType: ValueType.DOUBLE };
    this.bind = (attributes) => {
      const cell = this.#cells.of(attributes);
      return (value) => {
        cell.value = value;
      };
    };
    this.record = (value, attributes = {}) => this.bind(attributes)(value);
    this.forget = (attributes) => {
      this.#cells.of(attributes).value = undefined;
    };
  }

  collect(startTime: HrTime, endTime: HrTime): GaugeMetricData {
    return {
      descriptor: this.#descriptor,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.GAUGE,
      dataPoints: this.#cells
        .all()
        .flatMap(({ attributes, value }) => (value === undefined ? [] : [{ attributes, value, startTime, endTime }])),
    };
  }
}
