import type { Trend } from '../../src/model/index.ts';
import { absent, figure } from '../../src/report/format.ts';
import type { Shown } from './app.tsx';
import { Sparkline } from './sparkline.tsx';

/** Parts of a window that a card's line has. */
const parts = 40;

export function Cards({ data, options, view, nowMs }: Shown) {
  const { headline, power } = view;
  const trends = data.dashboard.trends(options, nowMs, parts);
  const latencies = [
    ['Latency now', headline?.currentMs, trends.latency.last, undefined],
    ['Latency mean', headline?.meanMs, trends.latency.mean, range(headline?.minMs, headline?.maxMs, 'ms')],
    ['Latency p95', headline?.p95Ms, trends.latency.p95, undefined],
    ['Latency p99', headline?.p99Ms, trends.latency.p99, undefined],
  ] as const;
  const watts = [
    ['Power now', power?.current, trends.power.last, undefined],
    ['Power mean', power?.mean, trends.power.mean, range(power?.min, power?.max, 'W')],
    ['Power p95', power?.p95, trends.power.p95, undefined],
    ['Power p99', power?.p99, trends.power.p99, undefined],
  ] as const;
  return (
    <section class="cards" aria-label="Figures of the window">
      {latencies.map(([name, value, line, note]) => (
        <Card
          key={name}
          {...{ name, value, line, note }}
          unit="ms"
          colour="latency"
          isSimulated={headline?.isSimulated}
        />
      ))}
      {watts.map(([name, value, line, note]) => (
        <Card key={name} {...{ name, value, line, note }} unit="W" colour="power" isSimulated={power?.isSimulated} />
      ))}
    </section>
  );
}

interface CardProps {
  readonly name: string;
  readonly value: number | undefined;
  readonly unit: string;
  readonly line: Trend['last'];
  readonly colour: 'latency' | 'power';
  readonly note: string | undefined;
  readonly isSimulated: boolean | undefined;
}

function Card({ name, value, unit, line, colour, note, isSimulated }: CardProps) {
  return (
    <article class={`card ${colour}`}>
      <h2>{name}</h2>
      <p class="value">
        {figure(value)}
        {value !== undefined && <span class="unit"> {unit}</span>}
      </p>
      <Sparkline values={line} />
      <p class="note">
        {note ?? trendText(line)}
        {value !== undefined && isSimulated === true && <span class="simulated"> simulated</span>}
      </p>
    </article>
  );
}

function range(min: number | undefined, max: number | undefined, unit: string): string {
  return min === undefined || max === undefined ? absent : `${figure(min)} to ${figure(max)} ${unit}`;
}

/** The second half of the window against the first, in words. */
function trendText(values: Float64Array): string {
  const half = values.length / 2;
  const [before, after] = [meanOf(values.subarray(0, half)), meanOf(values.subarray(half))];
  if (before === undefined || after === undefined || before === 0) return absent;
  const percent = Math.round((after / before - 1) * 100);
  if (percent === 0) return '→ steady';
  return `${percent > 0 ? '↗ up' : '↘ down'} ${Math.abs(percent)} %`;
}

function meanOf(values: Float64Array): number | undefined {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
