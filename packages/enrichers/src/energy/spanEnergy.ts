import type { MeterModel, SpanWeights } from '@benchlab-otel/analysis';
import {
  type Clock,
  type EndedSpan,
  type EnergyRole,
  type Enricher,
  metric,
  OptionError,
  type SampleHistory,
  type SpanAnswer,
  systemClock,
} from '@benchlab-otel/core';
import { BalanceCounts } from './balanceCounts.ts';
import { checkWeights } from './checkWeights.ts';
import { EnergyAttributes } from './energyAttributes.ts';
import { MinuteEstimates } from './minuteEstimates.ts';
import { OperationHistogram } from './operationHistogram.ts';
import { OperationNames } from './operationNames.ts';
import { SettlingSpans } from './settlingSpans.ts';

export interface SpanEnergyOptions {
  readonly clock?: Clock;
  /** Spans that share the bench at once. Beyond it the oldest is forgotten: it gets no joules, and what it used goes to unattributed. */
  readonly maxTracked?: number;
  /** By what spans that overlap divide the energy, for each role. Default: equally. */
  readonly weights?: Readonly<Partial<Record<EnergyRole, SpanWeights>>>;
  /** Watts of the bench at rest, measured or given: spans get `benchlab.energy.…active.joules` beside their joules. */
  readonly baseline?: Readonly<Partial<Record<EnergyRole, number>>>;
  /** What is known of the meter, from a calibration for one. Default: what is published of its product. */
  readonly meter?: MeterModel;
  /** Whether the histogram `benchlab.operation.energy` is recorded. Default: true. */
  readonly metrics?: boolean;
  /**
   * Whether `benchlab.operation.energy.estimate` is estimated once a minute, also for operations that are shorter than
   * the meter can see. Default: false, because the estimate keeps the thread busy for a part of a second and more.
   */
  readonly estimates?: boolean;
}

/**
 * Puts the energy of each span on it, from the power samples of `history`: `benchlab.energy.system.joules` and its
 * neighbours in the registry. The sample after a span's end is needed and awaited, for two sample periods at most. A
 * span without a meter gets nothing; one that is shorter than a sample period or not covered by samples gets its
 * coverage and no joules. Each role is measured by its own meter: the rails of the board, else the GPU's or the CPU's.
 *
 * @throws OptionError for a history that is not one, weights that are not weights, a baseline that is not watts
 * @example
 * const history = new SampleHistory();
 * await startTelemetry({ receivers: [benchlabReceiver()], consumers: [history], enrichers: [spanEnergy(history)] });
 */
export function spanEnergy(history: SampleHistory, options: SpanEnergyOptions = {}): Enricher {
  if (typeof history?.onSample !== 'function') {
    throw new OptionError({ option: 'history', value: history, allowed: 'a SampleHistory' });
  }
  const { clock = systemClock, maxTracked, metrics: hasMetrics = true, estimates = false, ...settlement } = options;
  checkWeights(settlement.weights);
  const names = new OperationNames();
  const attributes = new EnergyAttributes();
  const histogram = new OperationHistogram(names);
  const minutes = new MinuteEstimates(history, names);
  const spans = new SettlingSpans(history, {
    clock,
    attributesOf(span, energy) {
      if (hasMetrics) histogram.record(span, energy);
      return attributes.of(energy);
    },
    ...settlement,
    ...(maxTracked === undefined ? {} : { maxSpans: maxTracked }),
    ...(estimates ? { onSampled: (timeNs: number) => minutes.sampled(timeNs) } : {}),
  });
  const balance = new BalanceCounts(spans.settlement.balances, settlement.baseline);
  const end = (span: EndedSpan, answer: SpanAnswer): boolean => {
    const isHeld = spans.end(span, answer);
    if (estimates && isHeld) minutes.add(span);
    return isHeld;
  };
  return {
    name: 'span-energy',
    spanStarted(_span, _context, started) {
      spans.start(started);
    },
    spanEnded(span, later) {
      if (later !== undefined) {
        const answer = later();
        if (!end(span, answer)) answer(undefined);
        return undefined;
      }
      return new Promise((resolve) => {
        if (!end(span, resolve)) resolve(undefined);
      });
    },
    counts: () => [
      { definition: metric.benchlabSpansForgotten, value: spans.settlement.forgotten },
      { definition: metric.benchlabOperationEnergyOverflow, value: names.overflowed },
      { definition: metric.benchlabOperationEnergyUnestimated, value: minutes.unestimated },
      ...balance.counts((role) => spans.sourceOf(role)?.simulated ?? false),
      ...minutes.counts(),
    ],
    shutdown: () => spans.stop(),
  };
}
