import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../process.ts';
import { type Prometheus, rulesFolder, startPrometheus } from '../prometheus.ts';

/** An alert is seen within this, at the pace of the test. */
const alertLimitMs = 60_000;

/** A Prometheus that looks at the others with the shipped rules. */
export interface Watch {
  readonly prometheus: Prometheus;
  /** Waits until an alert fires. */
  fires(alert: string, selector?: string): Promise<void>;
  /** The alerts that fire, by name. */
  firing(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** The shipped rules thirty times as fast: a window of 5 minutes is one of 10 seconds here, and nothing else differs. */
export async function startWatch(targets: Readonly<Record<string, string>>): Promise<Watch> {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-watch-'));
  for (const file of ['collector.yml', 'stack.yml']) {
    await writeFile(join(folder, file), inHaste(await readFile(join(rulesFolder, file), 'utf8')));
  }
  const rules = (await readdir(folder)).map((file) => join(folder, file));
  const prometheus = await startPrometheus({ rules });
  await prometheus.scrape(targets);
  return {
    prometheus,
    async fires(alert, selector = '') {
      const query = `ALERTS{alertname="${alert}",alertstate="firing"${selector === '' ? '' : `,${selector}`}}`;
      await until(`the alert ${alert}`, () => prometheus.query(query), alertLimitMs);
    },
    async firing() {
      const series = await prometheus.query('ALERTS{alertstate="firing",alertname!="Watchdog"}');
      return [...new Set(series.map(({ labels }) => labels.alertname ?? ''))].sort();
    },
    async stop() {
      await prometheus.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Durations of `for`, of ranges and of offsets, at least two scrapes of the test. */
function inHaste(rules: string): string {
  const seconds = { s: 1, m: 60, h: 3600 };
  const quick = (amount: string, unit: string, least: number) =>
    `${Math.max(least, Math.round((Number(amount) * seconds[unit as keyof typeof seconds]) / 30))}s`;
  return rules
    .replace(/^( +(?:for|keep_firing_for): )(\d+)([smh])$/gm, (_, key, n, unit) => key + quick(n, unit, 2))
    .replace(/\[(\d+)([smh])\]/g, (_, n, unit) => `[${quick(n, unit, 5)}]`)
    .replace(/\boffset (\d+)([smh])\b/g, (_, n, unit) => `offset ${quick(n, unit, 5)}`);
}
