import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabelValues, QueryTime } from '../../../monitoring/src/execution/chosen.ts';
import { dataSetFlags, dataSetFolder } from '../../../scripts/data-set.mjs';
import { freePorts, type RunningServer, startServer } from '../process.ts';

export interface ResultSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** A real Prometheus that scrapes nothing: on the generated data set, or on no data at all. */
export interface StoredPrometheus extends RunningServer {
  readonly url: string;
  /** As a panel with lines asks. */
  range(expression: string, time: QueryTime): Promise<readonly ResultSeries[]>;
  /** As a panel with figures asks. */
  instant(expression: string, time: number): Promise<readonly ResultSeries[]>;
  /** As a variable asks: `label_values(SELECTOR, LABEL)`. */
  readonly labelValues: LabelValues;
  /** What the server has used of processors. */
  cpuSeconds(): Promise<number>;
}

export async function startStored({ empty = false } = {}): Promise<StoredPrometheus> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    program: 'prometheus',
    args: async (folder) => {
      const data = join(folder, 'data');
      await (empty ? mkdir(data) : cp(await dataSetFolder(), data, { recursive: true }));
      await writeFile(join(folder, 'prometheus.yml'), 'global: {}\n');
      return [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${port}`,
        ...dataSetFlags,
      ];
    },
    readyUrl: `${url}/-/ready`,
  });
  return {
    ...server,
    url,
    async range(expression, { end, rangeSeconds, stepSeconds }) {
      const period = { start: `${end - rangeSeconds}`, end: `${end}`, step: `${stepSeconds}` };
      const { result } = await answer<{ result: Answered[] }>(url, 'query_range', { query: expression, ...period });
      return result.map(({ metric, values = [] }) => ({
        labels: shown(metric),
        values: values.map(([, value]) => Number(value)),
      }));
    },
    async instant(expression, time) {
      const { result } = await answer<{ result: Answered[] }>(url, 'query', { query: expression, time: `${time}` });
      return result.map(({ metric, value }) => ({
        labels: shown(metric),
        values: value === undefined ? [] : [Number(value[1])],
      }));
    },
    labelValues: (selector, label, { end, rangeSeconds }) =>
      answer(url, `label/${label}/values`, { 'match[]': selector, start: `${end - rangeSeconds}`, end: `${end}` }),
    async cpuSeconds() {
      const page = await (await fetch(`${url}/metrics`)).text();
      const seconds = /^process_cpu_seconds_total (\S+)$/m.exec(page)?.[1];
      if (seconds === undefined) throw new Error('Prometheus does not report its CPU time.');
      return Number(seconds);
    },
  };
}

/** A selector returns the name of its series too: no legend and no table shows it. */
function shown({ __name__: _, ...labels }: Readonly<Record<string, string>>): ResultSeries['labels'] {
  return labels;
}

interface Answered {
  readonly metric: Record<string, string>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

async function answer<T>(url: string, path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const { status, error, data } = (await response.json()) as { status: string; error?: string; data?: T };
  if (status !== 'success' || data === undefined) throw new Error(`${error ?? status}\n${parameters.query ?? path}`);
  return data;
}
