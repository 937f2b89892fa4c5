/** What is measured at one rate. */
export interface Footprint {
  readonly rateHz: number;
  readonly agent: AgentFootprint;
  /** The small service with telemetry, and the same without. */
  readonly service: ProcessFootprint;
  readonly bare: ProcessFootprint;
}

export interface ProcessFootprint {
  readonly rssBytes: number;
  /** Of one core. */
  readonly cpuPercent: number;
}

interface AgentFootprint extends ProcessFootprint {
  readonly networkBytesAnHour: number;
  /** Raw lines of devices, as they are packed. */
  readonly sampleBytesADay: number;
  /** Raw lines of the pipeline, as they are packed. */
  readonly stageBytesADay: number;
  /** Rows of latency and descriptions of sessions, as long as the raw lines are kept. */
  readonly rowBytesADay: number;
  /** The same afterwards: rows are packed when the raw lines are removed. */
  readonly keptBytesADay: number;
}

export interface Footprints {
  readonly schema: 'benchlab-otel/footprint';
  readonly version: 1;
  readonly machine: string;
  /** Time for which each rate was measured. */
  readonly seconds: number;
  readonly hasGpu: boolean;
  readonly rates: readonly Footprint[];
}
