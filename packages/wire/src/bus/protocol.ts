/**
 * The sample bus (docs/formats/bus.md): what an agent writes to each reader that connects to its Unix socket, as JSON
 * Lines. It goes one way. Times are CLOCK_MONOTONIC of the host, ns, so nothing is translated.
 */
export const busSchema = 'benchlab-otel/sample-bus';
/** Raised when readers of the version before would read something wrong. New kinds and fields are not a reason: they are ignored. */
export const busVersion = 1;

/** The first line. */
export interface HelloMessage extends ClockIdentity {
  readonly bus: typeof busSchema;
  readonly version: number;
  readonly pid: number;
  readonly timeNs: number;
  /** The name of the host of the agent among several, where it has one: it goes for every line of the connection. */
  readonly node?: string;
  /** The number of readers, where the agent takes no further one. The line is its last. */
  readonly full?: number;
}

/** Whose CLOCK_MONOTONIC it is: processes that agree on both share it. */
export interface ClockIdentity {
  /** Of the running kernel: /proc/sys/kernel/random/boot_id. */
  readonly boot: string;
  /** The time namespace, `time:[4026531834]`, which shifts the clock. Empty on kernels that have none. */
  readonly clock: string;
}
