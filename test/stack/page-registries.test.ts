import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { randomPage } from '../../packages/node/src/page/randomMetrics.suite.ts';
import { freePorts, startServer, until } from './process.ts';

const registries = 1000;
/** How Prometheus is configured to ask for a page, and the header that it then sends, by job. */
const jobs = {
  text: { protocol: 'PrometheusText0.0.4', accept: 'text/plain;version=0.0.4' },
  utf8: { protocol: 'PrometheusText1.0.0', accept: 'text/plain;version=1.0.0;escaping=allow-utf-8' },
  openmetrics: {
    protocol: 'OpenMetricsText1.0.0',
    accept: 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8',
  },
};
type Job = keyof typeof jobs;

test(`Prometheus takes every line of ${registries} random registries in each format, and the values are equal`, async () => {
  const pages = new Map<string, Page>();
  for (const job of Object.keys(jobs) as Job[]) {
    for (let i = 0; i < registries; i += 1) pages.set(`/${job}/${i}`, await pageText(i, jobs[job].accept));
  }
  const server = createServer((request, response) => {
    const { type = '', text } = pages.get(request.url ?? '') ?? {};
    response.writeHead(200, { 'content-type': type }).end(text);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close().closeAllConnections());
  await once(server, 'listening');
  const url = await startPrometheus((server.address() as AddressInfo).port);

  const wrong: string[] = [];
  let compared = 0;
  for (const job of Object.keys(jobs)) {
    const up = `count(up{job="${job}"})`;
    await until(`the scrapes of ${job}`, async () => (await query(url, up))[0]?.value === registries, 60_000);
    for (let i = 0; i < registries; i += 1) {
      const written = samples(pages.get(`/${job}/${i}`)?.text ?? '');
      const selector = `{job="${job}",instance="r${i}",__name__!~"up|scrape_.*"}`;
      const series = await query(url, selector);
      const stored = new Map(series.map(({ labels: { job: _, instance: __, ...own }, value }) => [key(own), value]));
      for (const [each, value] of written) {
        if (!Object.is(stored.get(each), value)) wrong.push(`r${i} ${job} ${each}: ${value}, ${stored.get(each)}`);
      }
      if (stored.size !== written.size) wrong.push(`r${i} ${job}: ${written.size} written, ${stored.size} stored`);
      compared += written.size;
    }
  }

  expect(wrong.slice(0, 10)).toEqual([]);
  expect(compared).toBeGreaterThan(300_000);
}, 300_000);

interface Page {
  readonly type: string;
  readonly text: string;
}

/** The page of one registry, as who asks so gets it. */
async function pageText(seed: number, accept: string): Promise<Page> {
  const page = randomPage(seed);
  const response = await fetch(await page.listen(), { headers: { accept, connection: 'close' } });
  const text = await response.text();
  await page.close();
  return { type: response.headers.get('content-type') ?? '', text };
}

async function startPrometheus(pages: number): Promise<string> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    program: 'prometheus',
    args: async (folder) => {
      const scrapes = Object.entries(jobs).map(([job, { protocol }]) => ({
        job_name: job,
        scrape_interval: '20s',
        scrape_protocols: [protocol],
        ...(job === 'text' && { metric_name_escaping_scheme: 'underscores' }),
        static_configs: Array.from({ length: registries }, (_, i) => ({
          targets: [`127.0.0.1:${pages}`],
          labels: { __metrics_path__: `/${job}/${i}`, instance: `r${i}` },
        })),
      }));
      await writeFile(join(folder, 'prometheus.yml'), JSON.stringify({ scrape_configs: scrapes }));
      const flags = ['--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`];
      return [`--config.file=${join(folder, 'prometheus.yml')}`, ...flags];
    },
    readyUrl: `${url}/-/ready`,
  });
  onTestFinished(() => server.stop());
  return url;
}

async function query(url: string, expression: string) {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
  });
  const answer = (await response.json()) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  return answer.data.result.map(({ metric, value }) => ({ labels: metric, value: number(value[1]) }));
}

/** The samples of a page by their labels, read without any code of the page. */
function samples(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const [, name, inBraces, rest = ''] =
      /^([a-zA-Z_:][\w:]*)?(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (.+)$/su.exec(line) ?? [];
    const labels: Record<string, string> = name === undefined ? {} : { __name__: name };
    for (const [, label, value] of (inBraces ?? '').matchAll(
      /((?:\w+)|"(?:[^"\\]|\\.)*")(?:=("(?:[^"\\]|\\.)*"))?(?:,|$)/gsu,
    )) {
      if (value === undefined) labels.__name__ = unquoted(label!);
      else labels[unquoted(label!)] = unquoted(value);
    }
    const series = key(labels);
    if (found.has(series)) throw new Error(`Twice: ${line}`);
    found.set(series, number(rest.split(' ')[0]!));
  }
  return found;
}

/** Labels in a fixed order, with the bounds of buckets as numbers: 1, 1.0 and 1e+00 are one. */
function key(labels: Readonly<Record<string, string>>): string {
  const entries = Object.entries(labels).map(([label, value]) => [
    label,
    label === 'le' ? String(number(value)) : value,
  ]);
  return JSON.stringify(entries.sort(([a], [b]) => (a! < b! ? -1 : 1)));
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.slice(1, -1).replace(/\\(.)/gs, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
}

function number(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
