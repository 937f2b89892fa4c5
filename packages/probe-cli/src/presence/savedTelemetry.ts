import type { SeriesType, SpanKindName, SpanStatusName } from '@benchlab-otel/analysis';

/** The telemetry of a run as `run --save` writes it: `schema/telemetry.schema.json`. What is absent has no field. */
export interface SavedTelemetry {
  readonly schema: 'benchlab-probe/telemetry';
  readonly schemaVersion: 1;
  /** ISO 8601 */
  readonly startedAt: string;
  /** What of each signal was lost, or left out of the file. */
  readonly lost: {
    readonly series?: string | undefined;
    readonly spans?: string | undefined;
    readonly logs?: string | undefined;
  };
  readonly series: readonly SavedSeries[];
  readonly spans: readonly SavedSpan[];
  readonly logs: readonly SavedLog[];
}

/** JSON has no number for NaN and infinities. */
export type SavedNumber = number | 'NaN' | '+Inf' | '-Inf';

export interface SavedSeries {
  readonly name: string;
  readonly type: SeriesType;
  readonly unit?: string | undefined;
  readonly points: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: SavedNumber;
    readonly first?: SavedNumber | undefined;
    readonly delta?: SavedNumber | undefined;
    readonly sum?: SavedNumber | undefined;
    readonly exemplars?: number | undefined;
  }[];
}

type SavedValue = string | number | boolean | readonly string[] | readonly number[] | readonly boolean[];

export interface SavedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind: SpanKindName;
  /** From the start of the first span. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly status: SpanStatusName;
  readonly statusMessage?: string | undefined;
  readonly attributes: Readonly<Record<string, SavedValue>>;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[] | undefined;
}

export interface SavedLog {
  readonly event?: string | undefined;
  readonly severityNumber?: number | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
  /** Attributes, and the keys of a body that is a map. */
  readonly fields: Readonly<Record<string, SavedValue>>;
}
