import {
  type Clock,
  knownOptions,
  numberOption,
  OptionError,
  type OptionNames,
  systemClock,
  toEpochNs,
} from '@benchlab-otel/core';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import * as metric from '../registry/metrics.ts';
import { observe } from './observation.ts';
import { Observations } from './observations.ts';
import { Reading } from './reading.ts';
import { type SessionMetrics, sessionMetrics } from './sessionMetrics.ts';
import { type SystemMetrics, systemMetrics } from './systemMetrics.ts';
import { type VeniceMetrics, veniceMetrics } from './veniceMetrics.ts';

export interface ServiceMetricsOptions {
  /** Milliseconds between two observations, 1,000 to 60,000. Default: 10,000. */
  readonly intervalMs?: number;
  readonly clock?: Clock;
}

/** The three views of a service at one instant. */
export interface ServiceSnapshot {
  readonly system: SystemMetrics;
  readonly venice: VeniceMetrics;
  readonly sessions: SessionMetrics;
}

type ScopeMetrics = CollectionResult['resourceMetrics']['scopeMetrics'];

const optionNames: OptionNames<ServiceMetricsOptions> = { intervalMs: true, clock: true };

/**
 * Snapshots of the `sidepanel_*` and `system_*` metrics of this process, computed from its live instruments. It reads
 * them at an interval and computes rates, windows and peaks from what it has read. Start it with the process, because
 * it knows nothing of the time before its start. It keeps an hour of observations. It never throws after construction:
 * a value that cannot be collected is undefined in the snapshot.
 *
 * @example
 * const service = new ServiceMetrics(telemetry.collectMetrics);
 * service.start();
 * const { system, venice, sessions } = await service.snapshot();
 */
export class ServiceMetrics {
  readonly #collect: () => Promise<CollectionResult>;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #observations = new Observations();
  #timer: NodeJS.Timeout | undefined;
  #collecting: Promise<ScopeMetrics | undefined> | undefined;
  #peakConnections: number | undefined;
  #day: number | undefined;
  #sessions = 0;
  #sessionsAtMidnight = 0;

  /**
   * @param collect reads all metrics, cumulative: `collectMetrics` of `Telemetry`, or any cumulative reader.
   * @throws OptionError when `collect` is not a function or `intervalMs` is out of its range.
   */
  constructor(collect: () => Promise<CollectionResult>, options: ServiceMetricsOptions = {}) {
    knownOptions<ServiceMetricsOptions>('ServiceMetrics', options, optionNames);
    const { intervalMs = 10_000, clock = systemClock } = options;
    if (typeof collect !== 'function') {
      throw new OptionError({ option: 'collect', value: collect, allowed: 'a function that collects metrics' });
    }
    this.#collect = collect;
    this.#intervalMs = numberOption('intervalMs', intervalMs, { least: 1_000, most: 60_000 });
    this.#clock = clock;
  }

  /** Observes now, and again at each interval. The timer does not keep the process alive. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.snapshot(), this.#intervalMs).unref();
    void this.snapshot();
  }

  /** May be called before `start` and again; a snapshot can still be taken. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Collects once, and remembers what later snapshots need. Never rejects. */
  async snapshot(): Promise<ServiceSnapshot> {
    const scopeMetrics = await this.#collected();
    const reading = new Reading({ scopeMetrics: scopeMetrics ?? [] });
    const anchor = this.#clock.anchor();
    const now = observe(anchor.timeNs, reading);
    const timestamp = new Date(Number(toEpochNs(anchor, anchor.timeNs) / 1_000_000n));
    if (scopeMetrics !== undefined) {
      this.#remember(reading, timestamp);
      this.#observations.add(now);
    }
    const moment = {
      timestamp,
      reading,
      now,
      observations: this.#observations,
      peakConnections: this.#peakConnections,
      sessionsAtMidnight: this.#sessionsAtMidnight,
    };
    return { system: systemMetrics(moment), venice: veniceMetrics(moment), sessions: sessionMetrics(moment) };
  }

  /** Snapshots that are taken while a collection runs share it, so that a collection that hangs is only one. */
  #collected(): Promise<ScopeMetrics | undefined> {
    this.#collecting ??= this.#collectOnce().finally(() => {
      this.#collecting = undefined;
    });
    return this.#collecting;
  }

  async #collectOnce(): Promise<ScopeMetrics | undefined> {
    try {
      return (await this.#collect()).resourceMetrics.scopeMetrics;
    } catch {
      // The reader is shut down, or does not belong to a provider yet.
      return undefined;
    }
  }

  #remember(reading: Reading, timestamp: Date): void {
    const connections = reading.value(metric.sidepanelWsActiveConnections);
    if (connections !== undefined) this.#peakConnections = Math.max(this.#peakConnections ?? 0, connections);
    const day = Math.floor(timestamp.getTime() / 86_400_000);
    // The count at the last observation before midnight stands for the one at midnight.
    if (this.#day !== undefined && day > this.#day) this.#sessionsAtMidnight = this.#sessions;
    this.#day = day;
    this.#sessions = reading.total(metric.sidepanelSessionsCreated) ?? this.#sessions;
  }
}
