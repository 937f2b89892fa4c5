import type { DestinationStream, LevelWithSilent } from 'pino';

/** The option `log` of `startTelemetry`. */
export interface LogOptions {
  /** `info` unless set. */
  readonly level?: LevelWithSilent;
  /** A file, or a stream. Standard output unless set. */
  readonly destination?: string | DestinationStream;
  /** Sends lines over OTLP too, as log records of their span. Else OTEL_LOGS_EXPORTER=otlp, else false. */
  readonly otlp?: boolean;
}
