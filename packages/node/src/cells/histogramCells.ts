import { createReport } from '@benchlab-otel/core';
import type { BindableInstrument } from '@benchlab-otel/sdk';
import { type Attributes, type Histogram, type HrTime, type MetricOptions, ValueType } from '@opentelemetry/api';
import { AggregationTemporality, DataPointType, type HistogramMetricData } from '@opentelemetry/sdk-metrics';
import { Cells } from './cells.ts';

interface Cell {
  readonly attributes: Attributes;
  readonly counts: number[];
  sum: number;
  min: number;
  max: number;
}

/** Source: OpenTelemetry specification, metrics SDK, "Explicit bucket histogram aggregation". */
const defaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000];

/** A histogram that counts in place; a value on a bound belongs to the bucket below it. */
export class HistogramCells implements Histogram, BindableInstrument {
  readonly #cells: Cells<Cell>;
  readonly #descriptor: HistogramMetricData['descriptor'];
  readonly #bounds: readonly number[];
  // Properties of the instance, so that a wrapper of the instrument can use them without it.
  readonly bind: BindableInstrument['bind'];
  readonly record: Histogram['record'];

  constructor(name: string, { description = '', unit = '', advice }: MetricOptions) {
    const bounds = advice?.explicitBucketBoundaries ?? defaultBounds;
    this.#bounds = bounds;
    this.#descriptor = { name, description, unit, valueType: ValueType.DOUBLE };
    this.#cells = new Cells((attributes) => ({
      attributes,
      counts: new Array<number>(bounds.length + 1).fill(0),
      sum: 0,
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
    }));
    const report = createReport(`metric ${name}`);
    this.bind = (attributes) => {
      const cell = this.#cells.of(attributes);
      return (value) => {
        if (value >= 0) put(cell, bounds, value);
        else report(`${value} cannot be recorded; it was dropped.`);
      };
    };
    this.record = (value, attributes = {}) => this.bind(attributes)(value);
  }

  collect(startTime: HrTime, endTime: HrTime): HistogramMetricData {
    const boundaries = [...this.#bounds];
    return {
      descriptor: this.#descriptor,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: this.#cells.all().map(({ attributes, counts, sum, min, max }) => {
        const count = counts.reduce((total, each) => total + each, 0);
        const ends = count === 0 ? {} : { min, max };
        const value = { buckets: { boundaries, counts: [...counts] }, count, sum, ...ends };
        return { attributes, value, startTime, endTime };
      }),
    };
  }
}

function put(cell: Cell, bounds: readonly number[], value: number): void {
  let bucket = 0;
  while (bucket < bounds.length && (bounds[bucket] as number) < value) bucket++;
  cell.counts[bucket] = (cell.counts[bucket] as number) + 1;
  cell.sum += value;
  if (value < cell.min) cell.min = value;
  if (value > cell.max) cell.max = value;
}
