import type { SeriesType, SpanKindName, SpanStatusName, ValueType } from '@benchlab-otel/analysis';

/** `probe.yaml` as it is written: what the schema lets through. */
export interface WrittenProbeFile {
  readonly version: 1;
  readonly series?: readonly WrittenSeries[] | undefined;
  readonly spans?: readonly WrittenSpan[] | undefined;
  readonly logs?: readonly WrittenLog[] | undefined;
  readonly budgets?: readonly string[] | undefined;
  readonly baseline?: WrittenBaseline | undefined;
  readonly energy?: WrittenEnergy | undefined;
}

/** A comparison, or a number, which means equal. */
type WrittenTest = number | string;

export interface WrittenSeries {
  readonly name: string;
  readonly type?: SeriesType | undefined;
  readonly unit?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly atLeast?: number | undefined;
  readonly value?: WrittenTest | undefined;
  readonly delta?: WrittenTest | undefined;
}

export interface WrittenSpan {
  readonly name: string;
  readonly count?: WrittenTest | undefined;
  readonly kind?: SpanKindName | undefined;
  readonly status?: SpanStatusName | readonly SpanStatusName[] | undefined;
  readonly parent?: string | undefined;
  readonly root?: true | undefined;
  readonly attributes?: Readonly<Record<string, WrittenValue>> | undefined;
  readonly provenance?: true | undefined;
}

export interface WrittenLog {
  readonly event: string;
  readonly atLeast?: number | undefined;
  readonly fields?: Readonly<Record<string, WrittenValue>> | undefined;
  readonly within?: string | undefined;
}

/** A type alone, or all that the value must be. */
export type WrittenValue =
  | ValueType
  | {
      readonly type?: ValueType | undefined;
      readonly pattern?: string | undefined;
      readonly oneOf?: readonly (string | number | boolean)[] | undefined;
    };

export interface WrittenBaseline {
  readonly command?: string | undefined;
  readonly ref?: string | undefined;
  readonly prepare?: string | undefined;
  readonly warmup?: number | undefined;
  readonly margin?: number | undefined;
}

export interface WrittenEnergy {
  readonly calibration?: string | undefined;
  readonly idle?: string | undefined;
  readonly allowSimulated?: boolean | undefined;
}
