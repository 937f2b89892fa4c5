import { describe, expect, it } from 'vitest';
import type { Instrument, MetricDefinition } from '../registry/definition.ts';
import * as registry from '../registry/metrics.ts';
import { prometheusLabel, prometheusName, prometheusUnit } from './prometheusName.ts';

const cases: [name: string, unit: string, instrument: Instrument, prometheus: string][] = [
  // Names of the semantic conventions.
  ['hw.energy', 'J', 'counter', 'hw_energy_joules_total'],
  ['hw.power', 'W', 'gauge', 'hw_power_watts'],
  ['hw.host.power', 'W', 'gauge', 'hw_host_power_watts'],
  ['hw.temperature', 'Cel', 'gauge', 'hw_temperature_celsius'],
  ['hw.voltage', 'V', 'gauge', 'hw_voltage_volts'],
  ['hw.gpu.utilization', '1', 'gauge', 'hw_gpu_utilization_ratio'],
  ['hw.status', '1', 'updowncounter', 'hw_status'],
  ['hw.fan.speed', 'rpm', 'gauge', 'hw_fan_speed_rpm'],
  ['hw.fan.speed_ratio', '1', 'gauge', 'hw_fan_speed_ratio'],
  ['hw.network.bandwidth.limit', 'By/s', 'updowncounter', 'hw_network_bandwidth_limit_bytes_per_second'],
  ['hw.network.packets', '{packet}', 'counter', 'hw_network_packets_total'],
  ['system.memory.linux.available', 'By', 'updowncounter', 'system_memory_linux_available_bytes'],
  ['system.network.bytes_received', 'By', 'counter', 'system_network_bytes_received_total'],
  ['system.cpu.time', 's', 'counter', 'system_cpu_time_seconds_total'],
  ['http.server.request.duration', 's', 'histogram', 'http_server_request_duration_seconds'],
  // Every unit.
  ['x', 'd', 'gauge', 'x_days'],
  ['x', 'h', 'gauge', 'x_hours'],
  ['x', 'min', 'gauge', 'x_minutes'],
  ['x', 'ms', 'gauge', 'x_milliseconds'],
  ['x', 'us', 'gauge', 'x_microseconds'],
  ['x', 'ns', 'gauge', 'x_nanoseconds'],
  ['x', 'KiBy', 'gauge', 'x_kibibytes'],
  ['x', 'MiBy', 'gauge', 'x_mebibytes'],
  ['x', 'GiBy', 'gauge', 'x_gibibytes'],
  ['x', 'TiBy', 'gauge', 'x_tibibytes'],
  ['x', 'KBy', 'gauge', 'x_kilobytes'],
  ['x', 'MBy', 'gauge', 'x_megabytes'],
  ['x', 'GBy', 'gauge', 'x_gigabytes'],
  ['x', 'TBy', 'gauge', 'x_terabytes'],
  ['x', 'm', 'gauge', 'x_meters'],
  ['x', 'A', 'gauge', 'x_amperes'],
  ['x', 'g', 'gauge', 'x_grams'],
  ['x', 'Hz', 'gauge', 'x_hertz'],
  ['x', '%', 'gauge', 'x_percent'],
  ['x', '1', 'counter', 'x_total'],
  ['x', '1', 'histogram', 'x'],
  ['x', 'By/m', 'gauge', 'x_bytes_per_minute'],
  ['x', 'By/h', 'gauge', 'x_bytes_per_hour'],
  ['x', 'By/d', 'gauge', 'x_bytes_per_day'],
  ['x', 'By/w', 'gauge', 'x_bytes_per_week'],
  ['x', 'By/mo', 'gauge', 'x_bytes_per_month'],
  ['x', 'By/y', 'gauge', 'x_bytes_per_year'],
  // A word that is in the name already is not repeated; a rate is, because it is two words.
  ['bitnet.tokens', '{token}/s', 'gauge', 'bitnet_tokens_per_second'],
  ['x.tokens_per_second', '{token}/s', 'gauge', 'x_tokens_per_second_per_second'],
  ['benchlab.pipeline.latency_ms', 'ms', 'gauge', 'benchlab_pipeline_latency_ms_milliseconds'],
  ['benchlab.pipeline.latency_ms', '', 'gauge', 'benchlab_pipeline_latency_ms'],
  ['response_time_seconds', 's', 'gauge', 'response_time_seconds'],
  ['requests_total', '', 'counter', 'requests_total'],
  ['total.requests', '', 'counter', 'requests_total'],
  ['ratio.of.things', '1', 'gauge', 'of_things_ratio'],
  ['cpu_seconds_total', 's', 'counter', 'cpu_seconds_total'],
  ['otelcol_process_cpu_seconds', 's', 'counter', 'otelcol_process_cpu_seconds_total'],
  // Rates and annotations.
  ['requests', '1/s', 'gauge', 'requests_per_second'],
  ['requests', '1/s', 'counter', 'requests_per_second_total'],
  ['x', 'By/{custom}', 'gauge', 'x_bytes'],
  ['x', '{custom}', 'gauge', 'x'],
  ['x', 'By/', 'gauge', 'x_bytes'],
  ['x', ' s / h ', 'gauge', 'x_seconds_per_hour'],
  ['x', ' 1 ', 'gauge', 'x'],
  // Characters.
  ['metric@with#special$chars', '', 'gauge', 'metric_with_special_chars'],
  ['metric__with__underscores', 'unit__with__underscores', 'gauge', 'metric_with_underscores_unit_with_underscores'],
  ['custom_metric', 'unit@with#special/chars', 'gauge', 'custom_metric_unit_with_special_per_chars'],
  ['123metric', '', 'gauge', '_123metric'],
  ['job:rate', '', 'gauge', 'job:rate'],
  ['héllo', '', 'gauge', 'h_llo'],
  ['@#$%', '', 'gauge', ''],
];

describe('prometheusName', () => {
  it.each(cases)('names %s in "%s" as a %s %s', (name, unit, instrument, expected) => {
    expect(prometheusName({ name, unit, instrument })).toBe(expected);
  });

  it('names every metric of the registry with a valid and unique name', () => {
    const names = (Object.values(registry) as MetricDefinition[]).map(prometheusName);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it('names the metrics of the registry as dashboards and rules use them', () => {
    const names = Object.fromEntries(
      (Object.values(registry) as MetricDefinition[]).map((metric) => [metric.name, prometheusName(metric)]),
    );
    expect(names).toMatchObject({
      'hw.host.power': 'hw_host_power_watts',
      'hw.host.energy': 'hw_host_energy_joules_total',
      'hw.host.ambient_temperature': 'hw_host_ambient_temperature_celsius',
      'hw.power': 'hw_power_watts',
      'hw.energy': 'hw_energy_joules_total',
      'hw.voltage': 'hw_voltage_volts',
      'hw.temperature': 'hw_temperature_celsius',
      'hw.fan.speed': 'hw_fan_speed_rpm',
      'hw.status': 'hw_status',
      'benchlab.current': 'benchlab_current_amperes',
      'benchlab.humidity': 'benchlab_humidity_ratio',
      'benchlab.fan.duty': 'benchlab_fan_duty_ratio',
      'benchlab.fan.enabled': 'benchlab_fan_enabled',
      'benchlab.fault': 'benchlab_fault',
      'benchlab.operation.energy': 'benchlab_operation_energy_joules',
      'benchlab.receiver.polls': 'benchlab_receiver_polls_total',
      'benchlab.receiver.missed_polls': 'benchlab_receiver_missed_polls_total',
      'benchlab.receiver.poll.duration': 'benchlab_receiver_poll_duration_seconds',
      'benchlab.sample.age': 'benchlab_sample_age_seconds',
      'benchlab.sample.gap': 'benchlab_sample_gap_seconds_total',
      'benchlab.sample.dropped': 'benchlab_sample_dropped_total',
      'benchlab.energy.negative': 'benchlab_energy_negative_joules_total',
      'benchlab.page.merged_points': 'benchlab_page_merged_points',
      'benchlab.page.dropped_metrics': 'benchlab_page_dropped_metrics',
    });
  });
});

describe('prometheusLabel', () => {
  it.each([
    ['hw.sensor_location', 'hw_sensor_location'],
    ['http.request.header.x-id', 'http_request_header_x_id'],
    ['1z', 'key_1z'],
    ['_private', 'key_private'],
    ['.hidden', 'key_hidden'],
    ['a..b__c', 'a__b__c'],
    ['label:with:colons', 'label_with_colons'],
    ['__name__', '__name__'],
    ['größe', 'gr__e'],
    ['😀', 'key_'],
    ['', ''],
  ])('makes %s the label %s', (name, expected) => {
    expect(prometheusLabel(name)).toBe(expected);
  });
});

it.each([
  ['By/s', 'gauge', 'bytes_per_second'],
  ['J', 'counter', 'joules'],
  ['1', 'gauge', 'ratio'],
  ['1', 'counter', ''],
  ['{span}', 'counter', ''],
  ['', 'histogram', ''],
] as const)('the unit %s of a %s adds %j to its name', (unit, instrument, words) => {
  expect(prometheusUnit({ unit, instrument })).toBe(words);
});
