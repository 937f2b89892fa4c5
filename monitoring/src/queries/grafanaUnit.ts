import type { MetricDefinition } from '@benchlab-otel/core';
import * as units from '@grafana/grafana-foundation-sdk/units';

/** UCUM, as the registry has it, to what Grafana calls it. */
const grafanaUnits: Readonly<Record<string, string>> = {
  W: units.Watt,
  J: units.Joule,
  V: units.Volt,
  A: units.Ampere,
  Cel: units.Celsius,
  rpm: units.RevolutionsPerMinute,
  s: units.Seconds,
  ms: units.Milliseconds,
  Hz: units.Hertz,
  By: units.BytesIEC,
  'By/s': units.BytesPerSecondIEC,
  '%': units.Percent,
  '1': units.PercentUnit,
  '{USD}': units.Dollars,
  '': units.NoUnit,
};

/** Joules a second are watts, seconds a second are a share. */
const rates: Readonly<Record<string, string>> = {
  J: units.Watt,
  s: units.PercentUnit,
  By: units.BytesPerSecondIEC,
};

/** Grafana's unit of a metric, or of its rate. A panel shows what the registry says, never a unit of its own. */
export function grafanaUnit(metric: MetricDefinition, of: 'value' | 'rate' = 'value'): string {
  return unitNamed(metric.unit, of, metric.name);
}

/** Grafana's unit for a unit in UCUM: of another program's series, of a threshold, of a quotient (`1`). */
export function unitNamed(ucum: string, of: 'value' | 'rate' = 'value', owner = 'A panel'): string {
  if (of === 'rate') {
    const rate = /^\{.*\}$/.test(ucum) ? units.CountsPerSecond : rates[ucum];
    if (rate !== undefined) return rate;
  } else {
    if (grafanaUnits[ucum] !== undefined) return grafanaUnits[ucum];
    if (/^\{.*\}\/s$/.test(ucum)) return units.CountsPerSecond;
    if (/^\{.*\}\/min$/.test(ucum)) return units.CountsPerMinute;
    if (/^\{.*\}$/.test(ucum)) return units.Short;
  }
  throw new RangeError(`${owner}: no Grafana unit is known for the ${of} of "${ucum}". Add it here.`);
}
