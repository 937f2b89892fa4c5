import { type Labels, legendOf } from './legend.ts';

/** A table of values, as Grafana's panels take it: plain data, so that it can be sent to the page. */
export interface Frame {
  readonly refId: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly type: 'time' | 'number' | 'string';
  readonly values: readonly (number | string | null)[];
  readonly labels?: Labels;
  /** The legend. */
  readonly displayName?: string;
  /** Of a time: the step of the query. A larger gap between two points is a gap in the line. */
  readonly intervalMs?: number;
}

/** One series of an answer: Prometheus gives seconds since 1970, and numbers as text. */
export interface PromSeries {
  readonly metric: Labels;
  readonly values: readonly (readonly [number, string])[];
}

export interface FramesOptions {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly format?: string;
  readonly stepMs: number;
  /** A column of values is named for its query where there are several. */
  readonly isOneOfSeveral: boolean;
}

/** The frames of an answer: one for each series, one table, or the buckets of a heat map. */
export function framesOf(series: readonly PromSeries[], options: FramesOptions): Frame[] {
  if (options.format === 'table') return series.length === 0 ? [] : [table(series, options)];
  const lines = series.map((one) => line(one, series.length, options));
  return options.format === 'heatmap' ? buckets(lines) : lines;
}

function line({ metric, values }: PromSeries, count: number, options: FramesOptions): Frame {
  return {
    refId: options.refId,
    fields: [
      { name: 'Time', type: 'time', values: values.map(([seconds]) => seconds * 1000), intervalMs: options.stepMs },
      {
        name: 'Value',
        type: 'number',
        labels: metric,
        displayName: legendOf(metric, options.legendFormat, options.expr, count),
        values: values.map(([, text]) => promNumber(text)),
      },
    ],
  };
}

function table(series: readonly PromSeries[], { refId, isOneOfSeveral }: FramesOptions): Frame {
  const names = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const rows = series.flatMap(({ metric, values }) => values.map(([seconds, text]) => ({ metric, seconds, text })));
  return {
    refId,
    fields: [
      { name: 'Time', type: 'time', values: rows.map(({ seconds }) => seconds * 1000) },
      ...names.map((name) => ({
        name,
        type: 'string' as const,
        values: rows.map(({ metric }) => metric[name] ?? ''),
      })),
      {
        name: isOneOfSeveral ? `Value #${refId}` : 'Value',
        type: 'number',
        values: rows.map(({ text }) => promNumber(text)),
      },
    ],
  };
}

/** Prometheus counts what is at most `le`; a heat map shows what is in each bucket. */
function buckets(lines: readonly Frame[]): Frame[] {
  const boundOf = (frame: Frame) => promNumber(frame.fields[1]?.labels?.le ?? '');
  const sorted = lines.filter((frame) => !Number.isNaN(boundOf(frame))).sort((a, b) => boundOf(a) - boundOf(b));
  const below = new Map<number, number>();
  return sorted.map((frame) => {
    const [time, value] = frame.fields;
    if (time === undefined || value === undefined) return frame;
    const own = value.values.map((count, index) => {
      const at = Number(time.values[index]);
      const upTo = Number(count);
      // Counters of buckets are read one after the other: a difference below zero is an artefact.
      const inside = Math.max(0, upTo - (below.get(at) ?? 0));
      below.set(at, upTo);
      return inside;
    });
    return { ...frame, fields: [time, { ...value, displayName: value.labels?.le ?? '', values: own }] };
  });
}

/** `Number` does not read what Go writes for infinity. */
export function promNumber(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return text === '' ? Number.NaN : Number(text);
}
