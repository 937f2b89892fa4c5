import { type Clock, systemClock } from '../contracts/clock.ts';
import { MetricFamilies, type MetricFamily } from '../contracts/metricFamily.ts';
import type { PollReport, SampleConsumer, SourceLoss } from '../contracts/receiver.ts';
import type { Sample, Source } from '../contracts/sample.ts';
import { knownOptions, type OptionNames } from '../options/knownOptions.ts';
import { numberOption } from '../options/numberOption.ts';
import { benchlabSampleDropped } from '../registry/metrics.ts';
import { ReceiverSeries } from './receiverSeries.ts';
import { SourceSeries } from './sourceSeries.ts';

export interface SampleMetricsOptions {
  /** Gives the start time of the receivers' counters. Default: the host's clock. */
  readonly clock?: Clock;
  /** Sources with series. At the bound a lost source makes room; else the new one's readings are dropped and counted. */
  readonly maxSources?: number;
  /** Series of readings for one source, with the same behaviour at the bound. */
  readonly maxSensors?: number;
}

/** A host has a handful of meters, GPUs and sensor chips. */
const defaultMaxSources = 64;
/** BENCHLAB 2 with all faults live and latched has under 200 sensors. */
const defaultMaxSensors = 512;
const maxReceivers = 64;

const optionNames: OptionNames<SampleMetricsOptions> = { clock: true, maxSources: true, maxSensors: true };

/**
 * Turns samples into metrics: each sensor a series with its latest value; each power sensor with an `energyMetric` a
 * counter in joules too, integrated by trapezoid. A silence that `SamplePeriod` calls a gap adds no energy and is counted
 * in `benchlab.sample.gap`.
 *
 * A series ends at once: when the latest sample of its source has no reading for it, and when the source is lost. Only
 * what was integrated here stays, because it counts on when the source comes back. This is why samples do not go
 * through observable instruments: those of OpenTelemetry JS (seen with SDK 2.12) report a series that is no longer
 * observed for ever, with its last value. So this collects itself, and an exporter is fed by a `MetricProducer`.
 *
 * @example
 * const metrics = new SampleMetrics();
 * await receiver.start(metrics);
 * metrics.collect(systemClock.nowNs()); // [{ definition: metric.hwPower, points: [{ attributes, value: 12.5 }] }, …]
 */
export class SampleMetrics implements SampleConsumer {
  readonly #sources = new Map<string, SourceSeries>();
  readonly #receivers = new Map<string, ReceiverSeries>();
  readonly #maxSources: number;
  readonly #maxSensors: number;
  readonly #startNs: number;
  readonly #noAttributes = {};
  #dropped = 0;

  constructor(options: SampleMetricsOptions = {}) {
    knownOptions<SampleMetricsOptions>('SampleMetrics', options, optionNames);
    this.#maxSources = numberOption('maxSources', options.maxSources ?? defaultMaxSources, { least: 1, isWhole: true });
    this.#maxSensors = numberOption('maxSensors', options.maxSensors ?? defaultMaxSensors, { least: 1, isWhole: true });
    this.#startNs = (options.clock ?? systemClock).nowNs();
  }

  sample(sample: Sample): void {
    const series = this.#seriesOf(sample.source);
    this.#dropped += series === undefined ? sample.readings.length : series.sample(sample);
  }

  lost(loss: SourceLoss): void {
    this.#seriesOf(loss.source)?.lost(loss.source, loss.timeNs);
  }

  polled(report: PollReport): void {
    let series = this.#receivers.get(report.receiver);
    if (series === undefined && this.#receivers.size < maxReceivers) {
      series = new ReceiverSeries(report.receiver);
      this.#receivers.set(report.receiver, series);
    }
    if (series === undefined) this.#dropped += 1;
    else series.polled(report);
  }

  /** All series that are live at `nowNs` (CLOCK_MONOTONIC, ns). */
  collect(nowNs: number): readonly MetricFamily[] {
    const families = new MetricFamilies();
    for (const source of this.#sources.values()) source.collect(nowNs, families);
    for (const receiver of this.#receivers.values()) receiver.collect(this.#startNs, families);
    families.add(benchlabSampleDropped, this.#noAttributes, this.#dropped, this.#startNs);
    return families.all();
  }

  #seriesOf(source: Source): SourceSeries | undefined {
    const known = this.#sources.get(source.id);
    if (known !== undefined) return known;
    if (this.#sources.size >= this.#maxSources && !this.#evict()) return undefined;
    const series = new SourceSeries(source, this.#maxSensors);
    this.#sources.set(source.id, series);
    return series;
  }

  #evict(): boolean {
    for (const [id, series] of this.#sources) if (series.isLost) return this.#sources.delete(id);
    return false;
  }
}
