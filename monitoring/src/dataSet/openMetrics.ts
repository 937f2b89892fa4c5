import type { DataSeries } from './dataSeries.ts';
import { hasStarted, isLost, startedBefore } from './processes.ts';
import { instants } from './window.ts';

/** Decimals that a value keeps: enough for every metric here, and they keep the files small. */
const decimals = 1e6;

/** The lines of one block as OpenMetrics text, an instant at a time. Each instant ends with a line feed. */
export function* openMetrics(all: readonly DataSeries[], block: readonly [number, number]): Generator<string> {
  const series = all.map((each) => ({ ...each, head: headOf(each.name, each.labels) }));
  for (const instant of instants(block)) {
    let text = '';
    for (const { head, process, at } of series) {
      if (isLost(process, instant) || !hasStarted(process, instant)) continue;
      const value = at(instant - startedBefore(process, instant), instant);
      if (value !== undefined) text += `${head} ${Math.round(value * decimals) / decimals} ${instant}\n`;
    }
    yield text;
  }
  yield '# EOF\n';
}

/** `name{a="b"}`, escaped as the OpenMetrics text format asks for. */
export function headOf(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return `${name}{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
}
