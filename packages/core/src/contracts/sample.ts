import type { Attributes } from '@opentelemetry/api';
import type { MetricDefinition } from '../registry/definition.ts';

/** The consumer of power that a total is for. `system` is the sum of the other three. */
export type PowerRole = 'system' | 'cpu' | 'gpu' | 'board';

/** Where a source measures power: the direct-current rails behind the power supply, the GPU's own meter, the CPU's. */
export type PowerBoundary = 'dc_rails' | 'gpu_board' | 'cpu_package';

/** What a power value of a source stands for. */
export type Aperture =
  /** The power at the instant of the sample. */
  | { readonly kind: 'instant' }
  /** The mean of the power over this many seconds before the sample, or since the sample before (energy counters). */
  | { readonly kind: 'mean'; readonly seconds: number | 'since the sample before' };

/** The device that readings come from. One object for the life of a connection: compare by identity. */
export interface Source {
  /** Unique on this host and stable over reconnects: a board's UID, a GPU's UUID. It is `hw.id`, or the start of it. */
  readonly id: string;
  /** Its name for people: `BENCHLAB 2 "bench-rig-07"`. */
  readonly name: string;
  /** True for emulated hardware. Every point, span and report that derives from it is marked. */
  readonly simulated: boolean;
  /** Set when the source measures power. */
  readonly boundary?: PowerBoundary;
  /**
   * What the power totals of its samples stand for. Absent: not stated, so that the value may be of any time within one
   * refresh of the device, or a mean over it.
   */
  readonly aperture?: Aperture;
  /** Attributes that identify it on signals: product, firmware, port. */
  readonly attributes: Attributes;
}

/**
 * One measurable point of a source. A receiver makes its sensors once and passes the same objects with every sample, so
 * that code that keeps state for a sensor (a series, a counter) finds it by identity and never hashes a label.
 */
export interface Sensor {
  /** The metric it becomes. */
  readonly metric: MetricDefinition;
  /** The attributes of its points, complete: `hw.id`, `hw.type`, `hw.sensor_location`, `benchlab.simulated` … */
  readonly attributes: Attributes;
  /** For a power sensor: the counter in joules that is integrated from it. */
  readonly energyMetric?: MetricDefinition;
}

/** One decoded value in SI units. A sensor without a value has no reading: absent is absent, never 0 or the last value. */
export interface Reading {
  readonly sensor: Sensor;
  readonly value: number;
}

/** What one receiver read from one source at one instant. */
export interface Sample {
  readonly source: Source;
  /** CLOCK_MONOTONIC, ns: the midpoint between request and reply. */
  readonly timeNs: number;
  /** The reading was taken within this many ns before or after `timeNs`: half the round trip. */
  readonly uncertaintyNs: number;
  readonly readings: readonly Reading[];
  /** Power totals in watts, as far as the source measures them. Parts of a rail never enter a total. */
  readonly totals?: Readonly<Partial<Record<PowerRole, number>>>;
}
