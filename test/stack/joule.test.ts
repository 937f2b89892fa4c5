import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, eps1Watts, startBench } from './bench.ts';
import { until } from './process.ts';
import type { PrometheusSamples } from './prometheus.ts';

/** Which of the three ways a series came, by its target labels. */
const paths = ['page scraped', 'OTLP', 'collector scraped'] as const;
type Path = (typeof paths)[number];

/** They name the target and not the measurement: who scraped, or what the resource says. */
const targetLabels = ['job', 'instance', 'host_name', 'deployment_environment_name'];

const eps1 = '{hw_sensor_location="EPS1"}';
/** Enough for the slope of a counter. */
const leastSeconds = 5;
const joules = `hw_energy_joules_total${eps1}`;

describe('one joule counted on the emulated rail', () => {
  let bench: Bench;
  let byPath: ReadonlyMap<Path, readonly PrometheusSamples[]>;

  beforeAll(async () => {
    bench = await startBench();
    byPath = await until(
      'joules on all three paths',
      async () => {
        const counted = grouped(await bench.prometheus.samples(`${joules}[1m]`));
        if (!paths.every((path) => counted.get(path)?.some((series) => seconds(series) >= leastSeconds))) return false;
        return grouped(await bench.prometheus.samples('{__name__=~"(hw|benchlab)_.+"}[1m]'));
      },
      60_000,
    );
  });
  afterAll(() => bench?.stop());

  test('arrives as the same series with the same labels, whichever way it came', () => {
    const [page, otlp, exporter] = paths.map((path) => seriesOf(byPath.get(path)));

    expect(page?.length).toBeGreaterThan(50);
    expect(otlp).toEqual(page);
    expect(exporter).toEqual(page);
  });

  test.each(paths)('has the name and labels that the dashboards ask for: %s', (path) => {
    expect(seriesOf(byPath.get(path)).filter((series) => series.includes('hw_energy_joules_total'))).toContainEqual(
      expect.stringContaining('"hw_sensor_location":"EPS1"'),
    );
    const energy = energyOf(path);
    expect(energy.labels).toMatchObject({
      hw_id: expect.stringContaining(bench.board.uid),
      benchlab_simulated: 'true',
    });
    expect(Object.keys(energy.labels).filter((label) => label.startsWith('otel_scope'))).toEqual([]);
  });

  test.each(paths)('is at least one joule: %s', (path) => {
    expect(lastOf(energyOf(path)).value).toBeGreaterThanOrEqual(1);
  });

  // By the timestamps that each path gives: the service's own, or that of the scrape, which is late by up to one export.
  test.each([
    ['page scraped', 0.1],
    ['OTLP', 0.1],
    ['collector scraped', 0.5],
  ] as const)('counts watts times seconds: %s', (path, tolerance) => {
    const energy = energyOf(path);
    const first = energy.samples[0]!;
    const last = lastOf(energy);
    const watts = (last.value - first.value) / (last.time - first.time);

    expect(watts).toBeGreaterThan(eps1Watts * (1 - tolerance));
    expect(watts).toBeLessThan(eps1Watts * (1 + tolerance));
  });

  test.each(paths)('comes with the power that it was counted from: %s', (path) => {
    const power = byPath
      .get(path)
      ?.find(({ labels }) => labels.__name__ === 'hw_power_watts' && labels.hw_sensor_location === 'EPS1');

    expect(lastOf(power!).value).toBeCloseTo(eps1Watts, 3);
  });

  function energyOf(path: Path): PrometheusSamples {
    return byPath
      .get(path)!
      .find(({ labels }) => labels.__name__ === 'hw_energy_joules_total' && labels.hw_sensor_location === 'EPS1')!;
  }
});

function grouped(all: readonly PrometheusSamples[]): ReadonlyMap<Path, readonly PrometheusSamples[]> {
  return new Map(paths.map((path) => [path, all.filter(({ labels }) => pathOf(labels) === path)]));
}

/** What Prometheus makes of OTLP has the promoted host name; the collector's page does not. */
function pathOf(labels: PrometheusSamples['labels']): Path {
  if (labels.job === 'services') return 'page scraped';
  return labels.host_name ? 'OTLP' : 'collector scraped';
}

/** Each series once, as text, without what names its target. */
function seriesOf(all: readonly PrometheusSamples[] | undefined): readonly string[] {
  return (
    (all ?? [])
      // Counts of the page itself, which only the page can know.
      .filter(({ labels }) => !labels.__name__?.startsWith('benchlab_page_'))
      .map(({ labels }) =>
        JSON.stringify(
          Object.fromEntries(
            Object.entries(labels)
              .filter(([name]) => !targetLabels.includes(name))
              .sort(([a], [b]) => (a < b ? -1 : 1)),
          ),
        ),
      )
      .sort()
  );
}

function seconds({ samples }: PrometheusSamples): number {
  return (samples.at(-1)?.time ?? 0) - (samples[0]?.time ?? 0);
}

function lastOf({ samples }: PrometheusSamples): { readonly time: number; readonly value: number } {
  return samples[samples.length - 1]!;
}
