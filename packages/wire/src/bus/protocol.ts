/**
 * The sample bus: what an agent says to whoever connects to its Unix socket, as JSON Lines (docs/sample-bus.md). It goes
 * one way. Times are CLOCK_MONOTONIC of the host, ns, so nothing is translated.
 */
export const busSchema = 'benchlab-otel/sample-bus';
/** Raised when a reader of the version before would read something wrong. What it would only not know is no reason. */
export const busVersion = 1;

/** Sources that are live at once, and sensors of each; `SampleMetrics` has the same bounds. */
export const maxSources = 64;
export const maxSensors = 512;
/** A sample of 512 readings takes 15 kB; what is longer than this is no line of the bus. */
export const maxLineBytes: number = 64 * 1024;

/** The first line. */
export interface HelloMessage extends ClockIdentity {
  readonly bus: typeof busSchema;
  readonly version: number;
  readonly pid: number;
  readonly timeNs: number;
}

/** Whose CLOCK_MONOTONIC it is: processes that agree on both share it. */
export interface ClockIdentity {
  /** Of the running kernel: /proc/sys/kernel/random/boot_id. */
  readonly boot: string;
  /** The time namespace, `time:[4026531834]`, which shifts the clock. Empty on kernels that have none. */
  readonly clock: string;
}

/** One line to be sent. */
export interface BusLine {
  /** With its line feed. */
  readonly bytes: Buffer;
  /** A reader that is too slow misses those first. The others it must have to understand what comes. */
  readonly isDroppable: boolean;
}
