import { attribute, type MetricDefinition } from '@benchlab-otel/core';
import { dataEnd } from './window.ts';

type Labels = Readonly<Record<string, string>>;

const gibibyte = 2 ** 30;
const isPrimary = ({ implementation }: Labels) => implementation === 'rust';
const oneOf = (name: string, value: string) => (labels: Labels) => (labels[name] === value ? 1 : 0);

/**
 * How large a series is where its unit does not say it: the value of a gauge, the growth of a counter per second, the
 * observations of a histogram per second. Keys are the names of the series, functions get the attributes of one.
 */
const bases: Readonly<Record<string, number | ((attributes: Labels) => number)>> = {
  bitnet_active_connections: 12,
  bitnet_cache_hit_rate: 0.8,
  bitnet_cpu_usage_percent: 55,
  bitnet_gpu_usage_percent: 70,
  bitnet_memory_usage_bytes: 6 * gibibyte,
  bitnet_gpu_memory_usage_bytes: 8 * gibibyte,
  bitnet_queue_depth: 3,
  bitnet_requests_total: (labels) => (isPrimary(labels) ? 20 : 8),
  bitnet_request_duration_seconds: (labels) => (isPrimary(labels) ? 20 : 8),
  bitnet_tokens_generated_total: (labels) => (isPrimary(labels) ? 240 : 180),
  bitnet_tokens_per_second: (labels) => (isPrimary(labels) ? 240 : 180),
  bitnet_crossval_accuracy_difference: 0.002,
  bitnet_crossval_rust_throughput: 240,
  bitnet_crossval_cpp_throughput: 180,
  registry_missing_binaries: (labels) => (labels.backend === 'vulkan' ? 2 : 0),
  registry_operators: (labels) => (labels.maturity === 'stable' ? 40 : 12),
  verification_block_rate: 0.05,
  compile_success_total: 0.09,
  compile_failure_total: 0.01,
  offline_bundle_size_bytes: (labels) => (labels.revision === 'v1.3.0' ? 4.4e8 : 4.1e8),
  pipeline_latency_seconds: 0.02,
  benchlab_probe_verdict: oneOf(attribute.probeVerdict, 'pass'),
  sidepanel_health_status: oneOf('status', 'healthy'),
  sidepanel_requests_total: (labels) => (labels.status === 'error' ? 0.1 : 4.9),
  sidepanel_request_duration_seconds: 5,
  sidepanel_venice_requests_total: (labels) => (labels.status === 'error' ? 0.01 : 0.49),
  sidepanel_venice_tokens_total: (labels) => (labels.type === 'prompt' ? 900 : 300),
  sidepanel_venice_cost_usd_total: 0.0005,
  sidepanel_venice_balance_diem: 62,
  sidepanel_venice_balance_usd: 21.5,
  sidepanel_venice_rate_limit: 500,
  sidepanel_venice_rate_limit_remaining: 450,
  sidepanel_venice_reset_timestamp_seconds: dataEnd + 6 * 3600,
  sidepanel_sessions_active: 9,
  sidepanel_sessions_created_total: 0.01,
  sidepanel_session_duration_seconds: 0.01,
  sidepanel_session_messages: 0.01,
  sidepanel_session_tokens: 0.01,
  sidepanel_ws_active_connections: 14,
  sidepanel_ws_connections_total: 0.02,
  system_cpu_usage_percent: 35,
  system_disk_usage_percent: 60,
  system_memory_usage_percent: 45,
  system_network_bytes_received_total: 2e7,
  system_network_bytes_sent_total: 1e7,
  system_cpu_logical_count: 32,
  system_cpu_load_average_1m: 3,
  system_memory_limit_bytes: 64 * gibibyte,
  system_memory_linux_available_bytes: 40 * gibibyte,
  system_memory_usage_bytes: (labels) => (labels[attribute.systemMemoryState] === 'used' ? 20 : 14) * gibibyte,
  benchlab_cgroup_cpu_limit: 16,
  benchlab_cgroup_memory_limit_bytes: 32 * gibibyte,
  benchlab_operation_energy_joules: 0.5,
  benchlab_operation_energy_estimate_joules: 8,
  benchlab_operation_energy_estimate_stderr_joules: 0.4,
  benchlab_pipeline_latency_seconds: 30,
  benchlab_pipeline_latency_ms: 40,
  benchlab_pipeline_frames_dropped_total: 0.06,
  benchlab_pipeline_dropped: 120,
  benchlab_calls_total: 5,
  benchlab_call_duration_seconds: 5,
  benchlab_calls_in_flight: 2,
  benchlab_receiver_polls_total: (labels) => (labels[attribute.pollOutcome] === 'success' ? 10 : 0.01),
  benchlab_receiver_poll_duration_seconds: 0.002,
  benchlab_page_dropped_metrics: 0,
  benchlab_page_dropped_points: 0,
  benchlab_page_merged_points: 0,
  benchlab_page_overflow: 0,
  benchlab_enricher_enabled: 1,
  benchlab_redaction_merged_series: 0,
  benchlab_artifact_waiting_bytes: 0,
  otel_sdk_processor_span_queue_capacity: 2048,
  otel_sdk_processor_log_queue_capacity: 2048,
};

const gaugeByUnit: Readonly<Record<string, number>> = { '1': 0.4, '%': 40, By: gibibyte, s: 0.02, J: 8, W: 100 };
const counterByUnit: Readonly<Record<string, number>> = { By: 1e5, s: 0.2, J: 50 };
/** Counters of what went wrong. They grow, so that a panel of them has a line. */
const failures = /(fail|error|dropped|refused|rejected|missed|unanswered|forgotten|unfinished|overflow|faults|panic)/;

/** The size of one series. */
export function baseOf(metric: MetricDefinition, series: string, attributes: Labels): number {
  const own = bases[series];
  if (typeof own === 'function') return own(attributes);
  // A series of a name with an error type is that of the failures.
  const isFailure = failures.test(series) || attributes[attribute.errorType] !== undefined;
  if (own !== undefined) return isFailure && attributes[attribute.errorType] !== undefined ? own / 100 : own;
  if (metric.instrument === 'counter') return isFailure ? 0.01 : (counterByUnit[metric.unit] ?? 2);
  return metric.instrument === 'histogram' ? 2 : (gaugeByUnit[metric.unit] ?? 3);
}
