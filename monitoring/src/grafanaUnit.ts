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
  '1': units.PercentUnit,
  '': units.NoUnit,
};

/** Grafana's unit of a metric, or of its rate. A panel shows what the registry says, never a unit of its own. */
export function grafanaUnit(metric: MetricDefinition, of: 'value' | 'rate' = 'value'): string {
  const isCount = /^\{.*\}$/.test(metric.unit);
  if (of === 'rate') {
    if (isCount) return units.CountsPerSecond;
    // Joules a second are watts, seconds a second are a share.
    const rates: Readonly<Record<string, string>> = { J: units.Watt, s: units.PercentUnit };
    const rate = rates[metric.unit];
    if (rate !== undefined) return rate;
  } else {
    const unit = isCount ? units.Short : grafanaUnits[metric.unit];
    if (unit !== undefined) return unit;
  }
  throw new RangeError(`${metric.name}: no Grafana unit is known for the ${of} of "${metric.unit}". Add it here.`);
}
