/** The values of one GPU at one instant, in the units of NVML. A value that is missing is absent. */
export interface GpuValues {
  readonly [name: string]: number;
}

/** Identifies the GPU. The UUID stays the same when the index changes. */
export interface GpuIdentity {
  readonly uuid: string;
  readonly name: string;
  readonly serial?: string;
  readonly vbios?: string;
  readonly pciBusId?: string;
  /** CUDA compute capability, which names the architecture down to the chip: 8.0 is GA100. */
  readonly computeCapability?: readonly [major: number, minor: number];
}

/** One instance of a partitioned GPU (MIG). Power, energy and temperature exist for the whole GPU only. */
export interface GpuInstance {
  readonly uuid: string;
  readonly memoryTotal?: number;
  readonly memoryUsed?: number;
}

export interface GpuProcess {
  readonly pid: number;
  /** When it was started, ms since 1970: a process id is used again. Absent where this process cannot see it. */
  readonly startMs?: number;
  readonly bytes?: number;
  /** Of the GPU, percent of the time, about a second. Absent when the process used nothing. */
  readonly utilization?: { readonly general: number; readonly encoder: number; readonly decoder: number };
}

/** One poll of one GPU. */
export interface GpuPoll {
  readonly uuid: string;
  /** CLOCK_MONOTONIC before the first and after the last call, ns. */
  readonly startNs: number;
  readonly endNs: number;
  readonly values: GpuValues;
  readonly instances: readonly GpuInstance[];
  readonly processes?: readonly GpuProcess[];
  /** Values that the driver had no sample for, in this poll. */
  readonly skipped: number;
  /** What this user may not read, in the poll that found it out. */
  readonly denied: readonly string[];
  /** Values that the GPU once had and that NVML refuses now, each with the reason in words. They are asked for again. */
  readonly refused: readonly string[];
  /** Not one value that changes was given: what there is are limits that were read before. */
  readonly isSilent: boolean;
  /** Set when the GPU has gone: the code. There are no values then. */
  readonly lostCode?: number;
  /** Set when the library must be initialised again: the code. */
  readonly restartCode?: number;
}
