import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type MetricsPage, metricsPage } from '@benchlab-otel/node';
import { translationStrategies } from '@benchlab-otel/sdk';
import { emptyResource } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect, onTestFinished, test } from 'vitest';
import { randomMetrics, seeded } from '../../packages/node/src/page/randomMetrics.suite.ts';
import { freePorts, startServer, until } from './process.ts';

const registries = 1000;
/** How Prometheus asks for a page, and what its samples are called in the job of that name. */
const jobs = { text: 'PrometheusText0.0.4', openmetrics: 'OpenMetricsText1.0.0', utf8: 'PrometheusText1.0.0' };

test(`Prometheus takes every line of ${registries} random registries in each format, and the values are equal`, async () => {
  const pages = Array.from({ length: registries }, (_, i) => randomPage(i));
  const server = createServer((request, response) => {
    pages[Number(request.url?.slice(1))]?.handler(request, response);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close().closeAllConnections());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const prometheus = await startPrometheus(port);

  const wrong: string[] = [];
  let compared = 0;
  for (const [job, protocol] of Object.entries(jobs)) {
    await until(
      `the scrapes of ${job}`,
      async () => (await query(prometheus, `count(up{job="${job}"})`))[0]?.value === registries,
      90_000,
    );
    for (const { labels } of await query(prometheus, `up{job="${job}"} == 0`))
      wrong.push(`refused: ${labels.instance}`);
    for (let i = 0; i < registries; i += 1) {
      const page = await fetch(`http://127.0.0.1:${port}/${i}`, { headers: { accept: accept[protocol]! } });
      const written = samples(await page.text());
      const stored = new Map(
        (await query(prometheus, `{job="${job}",instance="r${i}",__name__!~"up|scrape_.*"}`)).map(
          ({ labels, value }) => {
            const { job: _, instance: __, ...own } = labels;
            return [key(own), value];
          },
        ),
      );
      for (const [series, value] of written) {
        if (!Object.is(stored.get(series), value))
          wrong.push(`r${i} ${job} ${series}: ${value}, ${stored.get(series)}`);
      }
      compared += written.size;
      if (stored.size !== written.size) wrong.push(`r${i} ${job}: ${written.size} written, ${stored.size} stored`);
    }
  }

  expect(wrong.slice(0, 10)).toEqual([]);
  expect(compared).toBeGreaterThan(300_000);
}, 300_000);

const accept: Readonly<Record<string, string>> = {
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0;escaping=allow-utf-8',
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8',
};

function randomPage(i: number): MetricsPage {
  const metrics = randomMetrics(seeded(i));
  const resourceMetrics = { resource: emptyResource(), scopeMetrics: [{ scope: { name: 'random' }, metrics }] };
  const page = metricsPage({
    metricProducers: [{ collect: async () => ({ resourceMetrics, errors: [] }) }],
    translationStrategy: translationStrategies[i % translationStrategies.length]!,
  });
  new MeterProvider({ readers: [page.reader] });
  return page;
}

async function startPrometheus(pages: number): Promise<string> {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    program: 'prometheus',
    args: async (folder) => {
      const targets = Array.from({ length: registries }, (_, i) => ({
        targets: [`127.0.0.1:${pages}`],
        labels: { __metrics_path__: `/${i}`, instance: `r${i}` },
      }));
      await writeFile(join(folder, 'targets.json'), JSON.stringify(targets));
      const scrapes = Object.entries(jobs).map(([job_name, protocol]) => ({
        job_name,
        scrape_interval: '30s',
        scrape_protocols: [protocol],
        ...(protocol === 'PrometheusText0.0.4' && { metric_name_escaping_scheme: 'underscores' }),
        file_sd_configs: [{ files: ['targets.json'] }],
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
