import type { MetricDefinition } from '@benchlab-otel/core';
import { startTelemetry, type Telemetry } from '@benchlab-otel/node';
import { recordMetric } from '@benchlab-otel/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registry } from '../../monitoring/src/registry.ts';

// The names as the documents write them, letter by letter: dashboards and alerts elsewhere query these.
const pipeline = [
  'pipeline_latency_seconds',
  'lowering_duration_seconds',
  'compile_success_total',
  'compile_failure_total',
  'verification_block_rate',
  'offline_bundle_size_bytes',
  'registry_missing_binaries',
  'registry_operators',
];
const runtime = [
  'bitnet_requests_total',
  'bitnet_tokens_generated_total',
  'bitnet_errors_total',
  'bitnet_request_duration_seconds',
  'bitnet_model_load_duration_seconds',
  'bitnet_tokens_per_second',
  'bitnet_memory_usage_bytes',
  'bitnet_gpu_memory_usage_bytes',
  'bitnet_queue_depth',
  'bitnet_cache_hit_rate',
  'bitnet_rust_allocations_total',
  'bitnet_rust_simd_operations_total',
  'bitnet_rust_panic_total',
  'bitnet_rust_result_errors_total',
  'bitnet_rust_thread_pool_active_threads',
  'bitnet_crossval_test_failures_total',
  'bitnet_crossval_accuracy_difference',
  'bitnet_crossval_rust_throughput',
  'bitnet_crossval_cpp_throughput',
  'bitnet_rust_deallocations_total',
  'bitnet_rust_scalar_operations_total',
  'bitnet_gc_pause_duration_seconds',
  'bitnet_active_connections',
  'bitnet_cpu_usage_percent',
  'bitnet_gpu_usage_percent',
  'bitnet_model_load_failures_total',
];
const system = [
  'system_cpu_usage_percent',
  'system_memory_usage_percent',
  'system_disk_usage_percent',
  'system_uptime_seconds',
  'system_network_bytes_received_total',
  'system_network_bytes_sent_total',
];
const service = [
  'sidepanel_ws_active_connections',
  'sidepanel_ws_connections_total',
  'sidepanel_request_duration_seconds',
  'sidepanel_requests_total',
  'sidepanel_venice_balance_diem',
  'sidepanel_venice_tokens_total',
  'sidepanel_sessions_active',
  'sidepanel_health_status',
  'sidepanel_uptime_seconds',
  'sidepanel_venice_balance_usd',
  'sidepanel_venice_reset_timestamp_seconds',
  'sidepanel_venice_rate_limit_remaining',
  'sidepanel_venice_rate_limit',
  'sidepanel_venice_request_duration_seconds',
  'sidepanel_venice_requests_total',
  'sidepanel_venice_cost_usd_total',
  'sidepanel_sessions_created_total',
  'sidepanel_session_duration_seconds',
  'sidepanel_session_messages',
  'sidepanel_session_tokens',
];
const bench = [
  'benchlab_pipeline_latency_ms',
  'benchlab_power_w',
  'benchlab_pipeline_dropped',
  'benchlab_pipeline_latency_seconds',
  'benchlab_pipeline_frames_dropped_total',
];
// The semantic conventions' names, as the OpenTelemetry rules translate them.
const hardware = [
  'hw_host_power_watts',
  'hw_host_energy_joules_total',
  'hw_host_ambient_temperature_celsius',
  'hw_host_heating_margin_celsius',
  'hw_power_watts',
  'hw_energy_joules_total',
  'hw_voltage_volts',
  'hw_voltage_limit_volts',
  'hw_voltage_nominal_volts',
  'hw_temperature_celsius',
  'hw_temperature_limit_celsius',
  'hw_fan_speed_rpm',
  'hw_fan_speed_limit_rpm',
  'hw_fan_speed_ratio',
  'hw_errors_total',
  'hw_status',
  'hw_gpu_utilization_ratio',
  'hw_gpu_memory_usage_bytes',
  'hw_gpu_memory_limit_bytes',
  'hw_gpu_memory_utilization_ratio',
  'hw_gpu_io_bytes_total',
  'hw_cpu_speed_hertz',
  'hw_cpu_speed_limit_hertz',
  'hw_memory_size_bytes',
  'hw_network_io_bytes_total',
  'hw_network_packets_total',
  'hw_network_up',
  'hw_network_bandwidth_limit_bytes_per_second',
  'hw_network_bandwidth_utilization_ratio',
  'hw_physical_disk_size_bytes',
  'hw_physical_disk_endurance_utilization_ratio',
  'hw_physical_disk_smart_ratio',
  'hw_power_supply_usage_watts',
  'hw_power_supply_limit_watts',
  'hw_power_supply_utilization_ratio',
];
/** The host by the semantic conventions. */
const host = [
  'system_cpu_load_average_15m',
  'system_cpu_load_average_1m',
  'system_cpu_load_average_5m',
  'system_cpu_logical_count',
  'system_cpu_time_seconds_total',
  'system_cpu_utilization_ratio',
  'system_disk_io_bytes_total',
  'system_disk_io_time_seconds_total',
  'system_disk_merged_total',
  'system_disk_operation_time_seconds_total',
  'system_disk_operations_total',
  'system_memory_limit_bytes',
  'system_memory_linux_available_bytes',
  'system_memory_usage_bytes',
  'system_memory_utilization_ratio',
  'system_network_errors_total',
  'system_network_io_bytes_total',
  'system_network_packet_count_total',
  'system_network_packet_dropped_total',
];
const documented = [...pipeline, ...runtime, ...system, ...service, ...bench, ...hardware, ...host];
/** This project's own prefix, apart from the series that the documents ask for. */
const isOwn = (series: string) => /^(benchlab|otel_sdk)_/.test(series) && !bench.includes(series);

/** All of the registry, except the metrics that the page writes about itself. */
const recorded = registry.metrics.filter(({ name }) => !name.startsWith('benchlab.page.'));

/** A value for every attribute of the metric. */
function labels(definition: MetricDefinition): Record<string, string | number | boolean> {
  const sample = (name: string) => {
    const { type, values } = registry.attributes.find((each) => each.name === name) ?? {};
    if (type === 'boolean') return true;
    return type === 'int' || type === 'number' ? 1 : (values?.[0] ?? 'x');
  };
  return Object.fromEntries(definition.attributes.map((name) => [name, sample(name)]));
}

describe('series names on the metrics page', () => {
  let telemetry: Telemetry;
  let text: string;

  beforeEach(async () => {
    telemetry = await startTelemetry({
      env: {},
      otlp: false,
      metricsPage: { port: 0 },
      log: { destination: { write: () => {} } },
    });
    for (const definition of recorded) recordMetric(definition, 1, labels(definition));
    text = await (await fetch(telemetry.metricsUrl ?? '')).text();
  });
  afterEach(() => telemetry.shutdown());

  it('has every series of the documents under its exact name, and otherwise only our own', () => {
    const series = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
    const others = series.filter((name) => !isOwn(name) && name !== 'target_info');
    expect(others.sort()).toEqual([...documented].sort());
  });

  it('takes every metric of the registry without a fault', () => {
    const faults = text.split('\n').filter((line) => line.startsWith('benchlab_record_faults_total'));
    expect(faults).toEqual(['benchlab_record_faults_total{benchlab_record_fault="metric"} 1']); // the one recorded here
    expect(text).toContain('benchlab_page_dropped_metrics 0');
    for (const { name, description } of recorded) expect(text, name).toContain(`${description}\n`);
  });

  it('has the seven series of the service with their exact types, labels and buckets', () => {
    const lines = text.split('\n').filter((line) => line.includes('sidepanel_'));
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE sidepanel_ws_active_connections gauge',
        'sidepanel_ws_active_connections 1',
        '# TYPE sidepanel_ws_connections_total counter',
        'sidepanel_ws_connections_total 1',
        '# TYPE sidepanel_request_duration_seconds histogram',
        ...['0.01', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '+Inf'].map(
          (le) =>
            `sidepanel_request_duration_seconds_bucket{method="x",le="${le}"} ${Number.parseFloat(le) < 1 ? 0 : 1}`,
        ),
        '# TYPE sidepanel_requests_total counter',
        'sidepanel_requests_total{method="x",status="x"} 1',
        '# TYPE sidepanel_venice_balance_diem gauge',
        'sidepanel_venice_balance_diem 1',
        '# TYPE sidepanel_venice_tokens_total counter',
        'sidepanel_venice_tokens_total{type="prompt"} 1',
        '# TYPE sidepanel_sessions_active gauge',
        'sidepanel_sessions_active 1',
      ]),
    );
    expect(lines.filter((line) => line.startsWith('sidepanel_request_duration_seconds_bucket'))).toHaveLength(9);
  });
});
