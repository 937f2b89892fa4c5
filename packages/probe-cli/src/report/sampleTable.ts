import { significant } from '@benchlab-otel/analysis';
import { attribute, type Reading, type Sample } from '@benchlab-otel/core';
import { averaging } from './averaging.ts';
import { printable } from './printable.ts';
import { table } from './table.ts';

/**
 * One sample as lines for people, a line for each sensor: `EPS1  60.0 W  12.0 V  5.00 A`. A sensor without a reading
 * has no line; of states and faults only those that are present are shown.
 */
export function sampleTable(sample: Sample): readonly string[] {
  const { source, totals } = sample;
  const assumed = source.attributes[attribute.firmwareAssumed];
  const mean = averaging(source.aperture);
  const mark = `${source.simulated ? ' (simulated)' : ''}${assumed === undefined ? '' : ` (read as firmware ${assumed}: assumed)`}`;
  const watts = Object.entries(totals ?? {}).map(([role, value]) => `${role} ${significant(value)} W`);
  const bySensor = new Map<string, string[]>();
  for (const reading of sample.readings) {
    if (isState(reading) && reading.value === 0) continue;
    const name = sensorName(reading);
    bySensor.set(name, [...(bySensor.get(name) ?? []), readingCell(reading)]);
  }
  const rows = [...bySensor].map(([name, cells]) => [name, ...cells]);
  const columns = Math.max(1, ...rows.map((row) => row.length));
  return [
    `${printable(`${source.name}${mark}`)}${watts.length === 0 ? '' : `: ${watts.join(', ')}${mean === undefined ? '' : ` (${mean})`}`}`,
    ...table(['sensor', ...Array.from({ length: columns - 1 }, () => '')], rows),
  ];
}

/** `12.0 V`; a reading without a unit has the last word of its metric: `duty 0.450`. */
function readingCell({ sensor: { metric }, value }: Reading): string {
  const figure = significant(value);
  if (metric.unit === '' || metric.unit === '1') return `${metric.name.split('.').at(-1)} ${figure}`;
  return `${figure} ${metric.unit === 'Cel' ? '°C' : metric.unit}`;
}

/** One of several points of which those that do not apply are 0. */
function isState({ sensor }: Reading): boolean {
  return attribute.hwState in sensor.attributes || attribute.faultName in sensor.attributes;
}

function sensorName({ sensor: { attributes } }: Reading): string {
  const words = [
    attributes[attribute.hwSensorLocation] ?? attributes[attribute.hwName] ?? attributes[attribute.hwId] ?? '',
    attributes[attribute.faultName] ?? '',
    attributes[attribute.faultKind] ?? '',
    attributes[attribute.hwState] ?? '',
  ];
  return words.filter((word) => word !== '').join(' ');
}
