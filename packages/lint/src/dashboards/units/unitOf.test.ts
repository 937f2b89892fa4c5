import { coreFamilies, joinFamilies } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { parsePromql } from '../../promql/parsePromql.ts';
import { SeriesCatalogue } from '../../promql/seriesCatalogue.ts';
import { grafanaUnitsFor } from './grafanaUnits.ts';
import { unitOf } from './unitOf.ts';

const catalogue = new SeriesCatalogue(joinFamilies(coreFamilies));

/** The first unit of Grafana in which the result is right. */
function shownIn(query: string): string | undefined {
  const parsed = parsePromql(query);
  if ('error' in parsed) throw new Error(parsed.error.message);
  const unit = unitOf(parsed.expression, catalogue);
  return unit === undefined ? undefined : grafanaUnitsFor(unit)?.[0];
}

test.each([
  ['hw_host_power_watts', 'watt'],
  ['max by (hw_id) (hw_host_power_watts)', 'watt'],
  ['hw_host_power_watts / 1000', 'kwatt'],
  ['rate(hw_host_energy_joules_total[5m])', 'watt'],
  ['increase(hw_host_energy_joules_total[5m])', 'joule'],
  ['increase(hw_host_energy_joules_total[1h]) / 3600', 'watth'],
  ['hw_host_power_watts / hw_host_power_watts', 'percentunit'],
  ['100 * hw_host_power_watts / hw_host_power_watts', 'percent'],
  ['1 - node_memory_free_bytes / node_memory_size_bytes', 'percentunit'],
  ['hw_temperature_celsius > 80', 'celsius'],
  ['label_replace(hw_fan_speed_rpm, "a", "b", "c", "d")', 'rotrpm'],
  ['rate(benchlab_receiver_polls_total[5m])', 'cps'],
  ['rate(benchlab_receiver_polls_total[5m]) * 60', 'cpm'],
  ['count(hw_host_power_watts)', 'percentunit'],
  ['rate(process_cpu_seconds_total[5m])', 'percentunit'],
  ['rate(node_network_receive_bytes_total[5m])', 'Bps'],
  ['rate(node_network_receive_bytes_total[5m]) * 8', 'bps'],
  ['time() - process_start_time_seconds', 's'],
  ['histogram_quantile(0.9, sum by (le) (rate(benchlab_call_duration_seconds_bucket[5m])))', 's'],
  ['sum(rate(x_seconds_sum[5m])) / sum(rate(x_seconds_count[5m]))', 's'],
  ['sum(rate(x_seconds_sum[5m])) * 1000 / sum(rate(x_seconds_count[5m]))', 'ms'],
  ['hw_host_power_watts * scalar(hw_voltage_volts)', undefined],
  ['unknown_thing', undefined],
  ['unknown_thing + hw_host_power_watts', 'watt'],
  ['hw_host_power_watts + hw_temperature_celsius', undefined],
])('%s is shown in %s', (query, expected) => {
  expect(shownIn(query)).toBe(expected);
});
