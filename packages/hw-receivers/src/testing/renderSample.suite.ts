import type { Reading, Sample } from '@benchlab-otel/core';

/** A sample as text, for people and for golden files: the source, then one line for each reading. */
export function renderSample({ source, totals, readings }: Sample): string {
  const boundary = source.boundary === undefined ? '' : ` [${source.boundary}]`;
  const sums = Object.entries(totals ?? {}).map(([role, watts]) => `${role} ${rounded(watts)} W`);
  const head = `# ${source.id} "${source.name}"${boundary}${sums.length > 0 ? ` total: ${sums.join(', ')}` : ''}`;
  return [head, ...readings.map(renderReading), ''].join('\n');
}

/** One reading as text. */
export function renderReading({ sensor, value }: Reading): string {
  const attributes = Object.entries(sensor.attributes).map(([name, each]) => `${name}="${each}"`);
  const energy = sensor.energyMetric === undefined ? '' : ' (integrated)';
  const unit = sensor.metric.unit === '' ? '' : ` ${sensor.metric.unit}`;
  return `${sensor.metric.name}{${attributes.join(',')}} ${rounded(value)}${unit}${energy}`;
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(12));
}
