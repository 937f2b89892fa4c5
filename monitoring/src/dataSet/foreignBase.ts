import { courseOf } from './course.ts';
import type { DataSeries } from './dataSeries.ts';
import { dataEnd } from './window.ts';

type Labels = Readonly<Record<string, string>>;

const gibibyte = 2 ** 30;

/** The size of series of other programs whose panels and rules compare two of them, or compare with a limit. */
const bases: Readonly<Record<string, number | ((labels: Labels) => number)>> = {
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
export function foreignBase(name: string, type: string, labels: Labels): number {
  const own = bases[name];
  if (typeof own === 'function') return own(labels);
  return own ?? byName.find(([pattern]) => pattern.test(name))?.[1] ?? (type === 'gauge' ? 5 : 0.5);
}

/** What a program counts when a store is away. It was, for ten minutes. */
const troubles =
  /(_send_failed_|_refused_|_enqueue_failed_|receiver_failed_|rule_evaluation_failures|notifications_(failed|errors)_)/;
const outage = [dataEnd - 50 * 60, dataEnd - 40 * 60] as const;
const failuresPerSecond = 0.05;

/** Gauges that move; all others are sizes, limits, versions and states. */
const moving =
  /(load\d|MemAvailable|_avail_|queue_size|in_flight|_rss_|heap|resident|duration|working_set|head_series|offset|pressure|goroutines|open_fds|_alerts$|DCGM_FI_DEV_(POWER|GPU_TEMP|MEMORY_TEMP|GPU_UTIL|MEM_COPY|ENC|DEC|SM_CLOCK|MEM_CLOCK|FB_USED))/;
const amplitude = 0.2;
/** Near what the card can have. */
const smallAmplitude = 0.05;

/** How a series of another program moves. Energy of a card has the course of its power. */
export function foreignCourse(name: string, type: string, labels: Labels, instance: string): DataSeries['at'] {
  const base = foreignBase(name, type, labels);
  const subject = name.replace(/_(POWER_USAGE|TOTAL_ENERGY_CONSUMPTION)$/, ' power');
  const course = courseOf(JSON.stringify([subject, labels, instance]));
  const most = /DCGM_FI_DEV_.*(UTIL|CLOCK|TEMP|FB_)/.test(name) ? smallAmplitude : amplitude;
  if (troubles.test(name)) {
    // Of one store, behind the gateway.
    const isAway =
      labels.exporter === undefined || (labels.exporter === 'otlp_http/metrics' && instance.includes('gateway'));
    return (_, instant) => (isAway ? failuresPerSecond * within(outage, instant) : 0);
  }
  if (name === 'container_start_time_seconds') {
    const again = labels.name === 'grafana' ? dataEnd - 25 * 60 : dataEnd;
    return (_, instant) => (instant < again ? base : again);
  }
  if (type === 'counter') return (run, instant) => base * (run + most * course.addedUp(instant - run, instant));
  if (name === 'DCGM_FI_DEV_FB_FREE') {
    const used = foreignCourse('DCGM_FI_DEV_FB_USED', type, labels, instance);
    const all = base + foreignBase('DCGM_FI_DEV_FB_USED', type, labels);
    return (run, instant) => all - (used(run, instant) ?? 0);
  }
  if (!moving.test(name)) return () => base;
  return (_, instant) => base * (1 + most * course.level(instant));
}

/** How many seconds of a span have passed. */
function within([from, to]: readonly [number, number], instant: number): number {
  return Math.max(0, Math.min(instant, to) - from);
}
