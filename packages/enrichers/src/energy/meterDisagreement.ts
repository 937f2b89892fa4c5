import { meanPower } from '@benchlab-otel/analysis';
import {
  attribute,
  type Clock,
  knownOptions,
  metric,
  type OptionNames,
  type Sample,
  type SampleConsumer,
  SampleHistory,
  type SelfCount,
  type Source,
  type SourceLoss,
  systemClock,
} from '@benchlab-otel/core';
import { type Attributes, diag } from '@opentelemetry/api';

/** What is compared: rails of the board with the meters of the devices behind them. */
const comparisons = [
  { role: 'gpu', boundary: 'gpu_board', meter: 'nvml' },
  { role: 'cpu', boundary: 'cpu_package', meter: 'rapl' },
] as const;
type Comparison = (typeof comparisons)[number];

/** NVML's power is the mean of a second on most GPUs (nvml.h, since Ampere): both sides are averaged over as long. */
const windowNs = 1e9;
/** A side whose newest sample is older than this (ns) is stale and is not compared. */
const staleNs = 2e9;
/** Below this the share of the difference is that of noise, W. */
const leastWatts = 1;

export interface MeterDisagreementOptions {
  readonly clock?: Clock;
}

const optionNames: OptionNames<MeterDisagreementOptions> = { clock: true };

/**
 * How far the rails of the board and the device's own meter are apart: `benchlab.disagreement.*`, for GPUs (PCIe and
 * 12V-2x6 rails against NVML) and processors (EPS rails against RAPL). Both sides are means over the same second. Rails
 * include what the device's meter does not see, the loss of its voltage regulators, and miss what a graphics card draws
 * through its slot; so there is an offset that belongs to the machine, and what matters is that it stays.
 *
 * A side that is absent, lost or silent for two seconds leaves no difference: never one with a last value. With several
 * boards it is not known which of them feeds which device, so nothing is compared.
 *
 * @example
 * await startTelemetry({
 *   receivers: [benchlabReceiver(), nvmlReceiver(), hostReceiver()],
 *   consumers: [meterDisagreement()],
 * });
 */
export function meterDisagreement(options: MeterDisagreementOptions = {}): SampleConsumer {
  knownOptions<MeterDisagreementOptions>('meterDisagreement', options, optionNames);
  return new MeterDisagreement(options.clock ?? systemClock);
}

class MeterDisagreement implements SampleConsumer {
  readonly #clock: Clock;
  // Some seconds at the highest rates.
  readonly #history = new SampleHistory({ capacity: 1024, maxSources: 64 });
  readonly #present = new Map<string, Source>();
  readonly #attributes = new Map<string, Attributes>();
  #saidWhy = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  sample(sample: Sample): void {
    if (sample.totals === undefined || sample.source.boundary === undefined) return;
    this.#present.set(sample.source.id, sample.source);
    this.#history.sample(sample);
  }

  lost(loss: SourceLoss): void {
    this.#present.delete(loss.source.id);
    this.#history.lost(loss);
  }

  counts(): readonly SelfCount[] {
    const rails = this.#of('dc_rails');
    const [board] = rails;
    if (board === undefined) return [];
    if (rails.length > 1) {
      this.#sayWhy();
      return [];
    }
    return comparisons.flatMap((comparison) => this.#compare(board, comparison));
  }

  #compare(board: Source, comparison: Comparison): readonly SelfCount[] {
    const devices = this.#of(comparison.boundary);
    const nowNs = this.#clock.nowNs();
    const railsNs = this.#history.newestNs(board.id) ?? Number.NEGATIVE_INFINITY;
    const deviceNs = Math.min(...devices.map(({ id }) => this.#history.newestNs(id) ?? Number.NEGATIVE_INFINITY));
    const untilNs = Math.min(railsNs, deviceNs);
    if (devices.length === 0 || nowNs - untilNs > staleNs) return [];
    const mean = (id: string) => meanPower(this.#history, id, comparison.role, untilNs - windowNs, untilNs);
    const railWatts = mean(board.id);
    const deviceWatts = devices.map(({ id }) => mean(id)).reduce(added, 0);
    if (railWatts === undefined || deviceWatts === undefined) return [];
    const simulated = board.simulated || devices.some((device) => device.simulated);
    const of = (more: Attributes = {}) => this.#attributesOf(comparison, simulated, more);
    const age = (side: string, timeNs: number): SelfCount => ({
      definition: metric.benchlabDisagreementAge,
      value: Math.max(0, nowNs - timeNs) / 1e9,
      attributes: of({ [attribute.disagreementSide]: side }),
    });
    const difference = railWatts - deviceWatts;
    return [
      { definition: metric.benchlabDisagreementPower, value: difference, attributes: of() },
      ...(deviceWatts >= leastWatts
        ? [{ definition: metric.benchlabDisagreement, value: difference / deviceWatts, attributes: of() }]
        : []),
      age('rails', railsNs),
      age('device', deviceNs),
    ];
  }

  #of(boundary: Source['boundary']): readonly Source[] {
    return [...this.#present.values()].filter((source) => source.boundary === boundary);
  }

  /** The same object for the same words, so that a series is found by identity. */
  #attributesOf({ role, meter }: Comparison, simulated: boolean, more: Attributes): Attributes {
    const key = JSON.stringify([role, simulated, more]);
    const known = this.#attributes.get(key);
    if (known !== undefined) return known;
    const base = { [attribute.powerRole]: role, [attribute.meter]: meter, ...more };
    const made = simulated ? { ...base, [attribute.simulated]: true } : base;
    this.#attributes.set(key, made);
    return made;
  }

  #sayWhy(): void {
    if (this.#saidWhy) return;
    this.#saidWhy = true;
    diag.warn('Several boards are read: which of them feeds which device is not known, so meters are not compared.');
  }
}

function added(sum: number | undefined, watts: number | undefined): number | undefined {
  return sum === undefined || watts === undefined ? undefined : sum + watts;
}
