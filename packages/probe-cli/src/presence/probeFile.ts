import {
  type Budget,
  type Expectations,
  type NumberTest,
  parseNumberTest,
  type SpanExpectation,
  type ValueTest,
} from '@benchlab-otel/analysis';
import type { WrittenBaseline, WrittenProbeFile, WrittenSpan, WrittenValue } from './writtenProbeFile.ts';

/** What a `probe.yaml` asks for. */
export interface ProbeFile {
  /** As it was named. */
  readonly path: string;
  readonly expectations: Expectations;
  readonly budgets: readonly Budget[];
  /** Budgets whose limit is the baseline, as they are written. */
  readonly relativeBudgets: readonly string[];
  /** What `run` compares with. */
  readonly baseline?: WrittenBaseline;
  readonly energy: EnergyOfFile;
}

interface EnergyOfFile {
  /** A path as it is written, from the folder of the file. */
  readonly calibration?: string;
  readonly idleMs?: number;
  readonly allowSimulated?: boolean;
}

const atLeastOne: NumberTest = { comparison: '>=', limit: 1 };

/** The expectations of a file that the schema let through. */
export function expectationsOf({ series = [], spans = [], logs = [] }: WrittenProbeFile): Expectations {
  return {
    series: series.map(({ name, type, unit, labels = {}, atLeast = 1, value, delta }) => ({
      name,
      ...(type === undefined ? {} : { type }),
      ...(unit === undefined ? {} : { unit }),
      labels,
      atLeast,
      ...tested('value', value),
      ...tested('delta', delta),
    })),
    spans: spans.map(spanOf),
    logs: logs.map(({ event, atLeast = 1, fields = {}, within }) => ({
      event,
      atLeast,
      fields: testsOf(fields),
      ...(within === undefined ? {} : { within }),
    })),
  };
}

function spanOf({ name, count, kind, status, parent, root, attributes, provenance }: WrittenSpan): SpanExpectation {
  return {
    name,
    count: atLeastOne,
    ...tested('count', count),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status: typeof status === 'string' ? [status] : status }),
    ...(parent === undefined ? {} : { parent }),
    ...(root === undefined ? {} : { root }),
    attributes: testsOf(attributes ?? {}),
    ...(provenance === undefined ? {} : { provenance }),
  };
}

function tested<Key extends string>(
  key: Key,
  written: number | string | undefined,
): { readonly [K in Key]?: NumberTest } {
  const test = written === undefined ? undefined : parseNumberTest(written);
  return test === undefined ? {} : ({ [key]: test } as { readonly [K in Key]?: NumberTest }); // the one key
}

function testsOf(written: Readonly<Record<string, WrittenValue>>): Readonly<Record<string, ValueTest>> {
  return Object.fromEntries(Object.entries(written).map(([name, value]) => [name, testOf(value)]));
}

function testOf(written: WrittenValue): ValueTest {
  if (typeof written === 'string') return { type: written };
  const { type, pattern, oneOf } = written;
  return {
    ...(type === undefined ? {} : { type }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(oneOf === undefined ? {} : { oneOf }),
  };
}
