import type { ForeignEntry } from './foreignSeries.ts';

/** Series that no server of `.stack/` serves, or only once something has failed: from the pages that their projects publish. */
export const published: readonly {
  readonly program: string;
  readonly version: string;
  readonly source: string;
  readonly licence: string;
  readonly series: readonly ForeignEntry[];
}[] = [
  {
    program: 'cAdvisor',
    version: '0.49',
    source: 'github.com/google/cadvisor, docs/storage/prometheus.md',
    licence: 'Apache-2.0',
    series: [
      ...gauges(
        'container_memory_working_set_bytes container_memory_usage_bytes container_memory_rss container_memory_cache container_memory_swap container_memory_max_usage_bytes container_memory_mapped_file',
        containers(),
      ),
      ...gauges('container_spec_memory_limit_bytes container_start_time_seconds container_last_seen', containers()),
      ...counters('container_memory_failcnt', containers()),
      ...counters('container_memory_failures_total', [...containers(), 'failure_type', 'scope']),
      ...counters('container_cpu_usage_seconds_total', [...containers(), 'cpu']),
      ...counters('container_network_receive_bytes_total container_network_transmit_bytes_total', [
        ...containers(),
        'interface',
      ]),
      ...gauges('machine_cpu_cores machine_cpu_physical_cores machine_cpu_sockets machine_memory_bytes', [
        'boot_id',
        'machine_id',
        'system_uuid',
      ]),
    ],
  },
  {
    program: 'dcgm-exporter',
    version: '4.5',
    source: 'github.com/NVIDIA/dcgm-exporter, etc/default-counters.csv',
    licence: 'Apache-2.0',
    series: [
      ...gauges(
        'DCGM_FI_DEV_SM_CLOCK DCGM_FI_DEV_MEM_CLOCK DCGM_FI_DEV_MEMORY_TEMP DCGM_FI_DEV_GPU_TEMP DCGM_FI_DEV_POWER_USAGE',
        gpus(),
      ),
      ...gauges('DCGM_FI_DEV_GPU_UTIL DCGM_FI_DEV_MEM_COPY_UTIL DCGM_FI_DEV_ENC_UTIL DCGM_FI_DEV_DEC_UTIL', gpus()),
      ...gauges(
        'DCGM_FI_DEV_FB_FREE DCGM_FI_DEV_FB_USED DCGM_FI_DEV_ROW_REMAP_FAILURE DCGM_FI_DEV_VGPU_LICENSE_STATUS',
        gpus(),
      ),
      ...gauges('DCGM_FI_DEV_XID_ERRORS', [...gpus(), 'err_code', 'err_msg']),
      ...counters(
        'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION DCGM_FI_DEV_PCIE_REPLAY_COUNTER DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL',
        gpus(),
      ),
      ...counters('DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS', gpus()),
    ],
  },
  {
    program: 'grafana',
    version: '13.2',
    source:
      'github.com/grafana/grafana, pkg/middleware/request_metrics.go, pkg/infra/httpclient/httpclientprovider/datasource_metrics_middleware.go',
    licence: 'AGPL-3.0-only; names of series alone are listed here',
    series: [
      {
        name: 'grafana_http_request_duration_seconds',
        type: 'histogram',
        labels: ['handler', 'method', 'status_code', 'status_source', 'slo_group'],
      },
      ...counters('grafana_datasource_request_total', ['datasource', 'datasource_type', 'code', 'method']),
    ],
  },
];

function containers(): readonly string[] {
  return ['id', 'image', 'name'];
}

function gpus(): readonly string[] {
  return ['DCGM_FI_DRIVER_VERSION', 'Hostname', 'UUID', 'device', 'gpu', 'modelName', 'pci_bus_id'];
}

function gauges(names: string, labels: readonly string[]): readonly ForeignEntry[] {
  return names.split(' ').map((name) => ({ name, type: 'gauge', labels }));
}

function counters(names: string, labels: readonly string[]): readonly ForeignEntry[] {
  return names.split(' ').map((name) => ({ name, type: 'counter', labels }));
}
