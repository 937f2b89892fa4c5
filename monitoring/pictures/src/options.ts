import { parseArgs } from 'node:util';
import { durationMs } from './timeRange.ts';

export interface PictureOptions {
  /** The address of a Prometheus; undefined: the data that the script makes itself. */
  readonly prometheus?: string;
  readonly from?: string;
  readonly to?: string;
  readonly scrapeIntervalMs?: number;
  /** Names of dashboards; empty: all. */
  readonly only: readonly string[];
  /** Dashboards that are drawn in the light theme too. */
  readonly light: readonly string[];
  readonly out?: string;
  /** A folder of dashboards instead of those of the repository. */
  readonly dashboards?: string;
  readonly format: 'webp' | 'png';
  readonly variables: Readonly<Record<string, string>>;
}

export const help = `npm run pictures -- [OPTION]…

Draws the dashboards of monitoring/grafana/dashboards with Grafana's panel parts, from executed queries.

  --prometheus URL    a Prometheus with data; without it, the script starts one with data of its own
  --from T, --to T    the time shown: now-6h, 2026-01-31T12:00:00Z, milliseconds (default: that of each dashboard)
  --scrape DURATION   the scrape interval of the data (default 15s)
  --dashboards FOLDER other dashboards (format v1)
  --only NAME         one dashboard; repeat for more
  --light NAME        also in the light theme; repeat for more (default: three of them)
  --var NAME=VALUE    the value of a variable; repeat for more
  --out FOLDER        default: docs/images/dashboards
  --format FORMAT     webp (default) or png
  --check             only lists the pictures that are older than their dashboard or the generated data
  --help`;

/** The three that are also drawn in light: a board, a runtime and a service. */
const lightByDefault = ['bench-host', 'performance-comparison', 'sidepanel-overview'];

/** The options of the command line; undefined where help is wanted. */
export function pictureOptions(args: readonly string[]): PictureOptions | undefined {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      prometheus: text,
      from: text,
      to: text,
      scrape: text,
      only: texts,
      light: texts,
      var: texts,
      out: text,
      dashboards: text,
      format: text,
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const { prometheus, from, to, out, scrape, dashboards, format = 'webp' } = values;
  if (format !== 'webp' && format !== 'png') throw new RangeError(`--format "${format}" is not webp or png.`);
  if (prometheus !== undefined && !/^https?:\/\//.test(prometheus)) {
    throw new RangeError(`--prometheus "${prometheus}" is not an address. Write http://HOST:PORT.`);
  }
  return {
    only: values.only ?? [],
    light: values.light ?? lightByDefault,
    format,
    variables: Object.fromEntries((values.var ?? []).map(assignment)),
    ...(prometheus === undefined ? {} : { prometheus }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(out === undefined ? {} : { out }),
    ...(dashboards === undefined ? {} : { dashboards }),
    ...(scrape === undefined ? {} : { scrapeIntervalMs: durationMs(scrape) }),
  };
}

function assignment(text: string): [string, string] {
  const [, name, value] = text.match(/^(\w+)=(.*)$/s) ?? [];
  if (name === undefined || value === undefined) throw new RangeError(`--var "${text}" is not NAME=VALUE.`);
  return [name, value];
}
