import type { PromSeries } from './frames.ts';
import type { TimeRange } from './timeRange.ts';

/** The queries that Grafana sends for panels and variables. */
export interface PrometheusClient {
  range(expr: string, range: TimeRange, stepMs: number): Promise<readonly PromSeries[]>;
  /** One value for each series, at the end of the time shown. */
  instant(expr: string, atMs: number): Promise<readonly PromSeries[]>;
  labelValues(label: string, selector: string | undefined, range: TimeRange): Promise<readonly string[]>;
}

interface Answer {
  readonly status?: string;
  readonly error?: string;
  readonly data?: unknown;
}

interface QueryData {
  readonly resultType: string;
  readonly result: unknown;
}

const answerLimitMs = 60_000;

export function prometheusClient(url: string): PrometheusClient {
  const ask = async (path: string, parameters: Record<string, string>): Promise<unknown> => {
    const asked = `${url.replace(/\/$/, '')}/api/v1/${path}?${new URLSearchParams(parameters)}`;
    const response = await fetch(asked, { signal: AbortSignal.timeout(answerLimitMs) }).catch((error: Error) => {
      throw new Error(`Prometheus at ${url} does not answer: ${error.message}. Check the address.`);
    });
    const answer = (await response.json().catch(() => ({}))) as Answer;
    if (answer.status !== 'success') throw new Error(answer.error ?? `HTTP ${response.status} of ${path}`);
    return answer.data;
  };
  return {
    async range(expr, { fromMs, toMs }, stepMs) {
      // On multiples of the step, as Grafana does: the same picture a second later.
      const start = Math.floor(fromMs / stepMs) * stepMs;
      const data = await ask('query_range', {
        query: expr,
        start: String(start / 1000),
        end: String(toMs / 1000),
        step: String(stepMs / 1000),
      });
      return (data as { result: readonly PromSeries[] }).result;
    },
    async instant(expr, atMs) {
      return fromInstant((await ask('query', { query: expr, time: String(atMs / 1000) })) as QueryData);
    },
    async labelValues(label, selector, { fromMs, toMs }) {
      const time = { start: String(fromMs / 1000), end: String(toMs / 1000) };
      const match: Record<string, string> = selector === undefined ? {} : { 'match[]': selector };
      return (await ask(`label/${label}/values`, { ...time, ...match })) as readonly string[];
    },
  };
}

function fromInstant({ resultType, result }: QueryData): readonly PromSeries[] {
  if (resultType === 'matrix') return result as readonly PromSeries[];
  if (resultType === 'scalar' || resultType === 'string') {
    return [{ metric: {}, values: [result as readonly [number, string]] }];
  }
  const vector = result as readonly {
    readonly metric: PromSeries['metric'];
    readonly value: readonly [number, string];
  }[];
  return vector.map(({ metric, value }) => ({ metric, values: [value] }));
}
