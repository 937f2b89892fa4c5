import { dataEnd } from './window.ts';

const gibibyte = 2 ** 30;

/** The size of series of other programs whose panels and rules compare two of them, or compare with a limit. */
const bases: Readonly<Record<string, number | ((labels: Readonly<Record<string, string>>) => number)>> = {
  node_cpu_seconds_total: ({ mode }) => ({ idle: 0.7, user: 0.2, system: 0.08 })[mode ?? ''] ?? 0.02,
  node_memory_MemTotal_bytes: 64 * gibibyte,
  node_memory_MemAvailable_bytes: 40 * gibibyte,
  node_filesystem_size_bytes: 1000 * gibibyte,
  node_filesystem_avail_bytes: 400 * gibibyte,
  node_filesystem_free_bytes: 450 * gibibyte,
  node_timex_offset_seconds: 0.0002,
  node_network_speed_bytes: 1.25e9,
  prometheus_rule_group_interval_seconds: 10,
  prometheus_rule_group_last_duration_seconds: 0.01,
  prometheus_tsdb_head_series: 4000,
  prometheus_notifications_alertmanagers_discovered: 2,
  prometheus_notifications_queue_capacity: 10_000,
  alertmanager_cluster_members: 2,
  alertmanager_cluster_health_score: 0,
  otelcol_exporter_queue_capacity: 1000,
  otelcol_exporter_queue_size: 20,
  container_memory_working_set_bytes: 0.4 * gibibyte,
  container_spec_memory_limit_bytes: gibibyte,
  container_start_time_seconds: dataEnd - 86_400 * 8,
  container_last_seen: dataEnd,
  machine_cpu_cores: 32,
  machine_memory_bytes: 64 * gibibyte,
  DCGM_FI_DEV_POWER_USAGE: 350,
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: 350_000,
  DCGM_FI_DEV_GPU_TEMP: 61,
  DCGM_FI_DEV_MEMORY_TEMP: 70,
  DCGM_FI_DEV_GPU_UTIL: 87,
  DCGM_FI_DEV_MEM_COPY_UTIL: 40,
  DCGM_FI_DEV_SM_CLOCK: 1980,
  DCGM_FI_DEV_MEM_CLOCK: 3200,
  DCGM_FI_DEV_FB_USED: 65_000,
  DCGM_FI_DEV_FB_FREE: 78_000,
  DCGM_FI_DEV_XID_ERRORS: 0,
  DCGM_FI_DEV_ROW_REMAP_FAILURE: 0,
  DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS: 0,
  DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS: 0,
  DCGM_FI_DEV_PCIE_REPLAY_COUNTER: 0,
};

/** By what the name says, first match. */
const byName: readonly (readonly [RegExp, number])[] = [
  [/_(info|successful|sync_status|up|ready)$|_success$/, 1],
  [/(fail|error|dropped|refused|exceeded|corrupt|lost|limit_|rejected)/, 0],
  [/_(timestamp|time)_seconds$|_last_change_/, dataEnd - 86_400],
  [/_bytes_total$/, 1e5],
  [/_bytes$/, gibibyte],
  [/_ratio$/, 0.3],
  [/_percent$/, 30],
];

/** How large a series of another program is: its value, or its growth per second. */
export function foreignBase(name: string, type: string, labels: Readonly<Record<string, string>>): number {
  const own = bases[name];
  if (typeof own === 'function') return own(labels);
  return own ?? byName.find(([pattern]) => pattern.test(name))?.[1] ?? (type === 'gauge' ? 5 : 0.5);
}
