// The values of the labels of other programs, as those programs write them.

type Labels = Readonly<Record<string, string>>;

/** Labels whose values are chosen freely: each combination of them is a series. */
const values: Readonly<Record<string, readonly string[]>> = {
  alertmanager: ['http://127.0.0.1:9093/api/v2/alerts'],
  clocksource: ['tsc'],
  code: ['200', '503'],
  collector: ['cpu', 'diskstats', 'filesystem'],
  config: ['node', 'services'],
  cpu: ['0', '1'],
  datasource: ['Prometheus', 'Loki'],
  detector: ['env', 'system'],
  exporter: ['otlp_grpc/traces', 'otlp_http/metrics'],
  failure_type: ['pgfault', 'pgmajfault'],
  filter: ['filter/clock'],
  fstype: ['ext4'],
  gpu: ['0', '1'],
  handler: ['/metrics', '/api/v1/query', '/api/v1/query_range'],
  integration: ['webhook', 'email'],
  interface: ['eth0'],
  method: ['GET'],
  mode: ['idle', 'user', 'system', 'iowait'],
  mountpoint: ['/', '/var'],
  msg_type: ['full_state', 'update'],
  name: ['grafana', 'prometheus'],
  otel_signal: ['traces', 'metrics'],
  outcome: ['success'],
  peer: ['01J9ZT4X0Q'],
  reason: ['serverError'],
  receiver: ['otlp'],
  rule_group: ['rules/energy.yml;energy', 'rules/slo.yml;slo-recording'],
  scope: ['container'],
  stage: ['silencer'],
  slice: ['inner_eval', 'queue_time'],
  state: ['active', 'suppressed', 'unprocessed'],
  status: ['firing', 'resolved'],
  status_code: ['200', '500'],
  status_source: ['server'],
  transport: ['grpc', 'http'],
  type: ['float', 'histogram'],
  processor: ['memory_limiter'],
  slo_group: ['high'],
};
/** Of one series alone, where the label means something else there. */
const ownValues: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  grafana_http_request_duration_seconds: { handler: ['/api/ds/query', '/api/dashboards/uid/:uid'] },
  otelcol_processor_incoming_items_total: { processor: ['filter/clock'] },
  otelcol_processor_outgoing_items_total: { processor: ['filter/clock'] },
  alertmanager_alerts_received_total: { version: ['v2'] },
  alertmanager_alerts_invalid_total: { version: ['v2'] },
};
/** What follows from another label, or from the target. */
const followers: Readonly<Record<string, (set: Labels, target: Labels, name: string) => string>> = {
  UUID: ({ gpu }) => `GPU-9f2c6f1e-0000-4000-8000-00000000000${gpu}`,
  pci_bus_id: ({ gpu }) => `00000000:0${Number(gpu) + 1}:00.0`,
  modelName: () => 'NVIDIA H200',
  Hostname: () => 'bench-a',
  DCGM_FI_DRIVER_VERSION: () => '570.86.15',
  err_code: () => '0',
  err_msg: () => 'No Error',
  data_type: ({ exporter }) => (exporter === 'otlp_grpc/traces' ? 'traces' : 'metrics'),
  server_address: ({ exporter }) => (exporter === 'otlp_grpc/traces' ? 'jaeger' : 'prometheus'),
  server_port: ({ exporter }) => (exporter === 'otlp_grpc/traces' ? '4317' : '9090'),
  datasource_type: ({ datasource }) => (datasource ?? '').toLowerCase(),
  device: ({ gpu, mountpoint }, _, name) => {
    if (gpu !== undefined) return `nvidia${gpu}`;
    if (mountpoint !== undefined) return mountpoint === '/' ? '/dev/nvme0n1p2' : '/dev/nvme0n1p3';
    return /network|netstat|arp/.test(name) ? 'eth0' : 'nvme0n1';
  },
  device_error: () => '',
  id: ({ name }) => `/system.slice/docker-${name}.scope`,
  image: ({ name }) => `docker.io/${name}:latest`,
  boot_id: () => '3b1f9c02-7d51-4e0a-9a53-f28e0dadd0c4',
  machine_id: () => '4c6c8a08f56f4c56b91e8c5d22c4f047',
  system_uuid: () => '53494d11-000b-4a3f-9c10-000000000001',
  branch: () => 'HEAD',
  revision: () => '2e070ff24765',
  goversion: () => 'go1.25.4',
  goos: () => 'linux',
  goarch: () => 'amd64',
  tags: () => 'netgo,builtinassets',
  version: (_, { job }) => ({ prometheus: '3.15.0', alertmanager: '0.31.1' })[job ?? ''] ?? '1.12.1',
  service_instance_id: (_, { instance = '' }) => instance,
  service_name: () => 'benchlab-otelcol',
  service_version: () => '0.158.0',
  nodename: (_, { host_name = '' }) => host_name,
  domainname: () => '(none)',
  major: () => '259',
  minor: ({ mountpoint }) => (mountpoint === '/' ? '2' : '3'),
  machine: () => 'x86_64',
  release: () => '6.12.0-1-amd64',
  sysname: () => 'Linux',
};
/** More combinations than these show nothing new. */
const maxCombinations = 8;

/** The label sets of a metric of another program at one target. */
export function foreignLabels(name: string, labels: readonly string[], target: Labels): readonly Labels[] {
  let sets: readonly Labels[] = [{}];
  for (const label of labels.filter((each) => followers[each] === undefined || ownValues[name]?.[each])) {
    const own = ownValues[name]?.[label] ?? values[label];
    if (own === undefined) {
      throw new RangeError(`${name}: the data set has no value of the label ${label}. Add it to foreignLabels.ts.`);
    }
    sets = sets.flatMap((set) => own.map((value) => ({ ...set, [label]: value }))).slice(0, maxCombinations);
  }
  return sets.map((set) => {
    const following = labels.flatMap((label) => {
      const follow = followers[label];
      return follow === undefined || set[label] !== undefined ? [] : [[label, follow(set, target, name)] as const];
    });
    return { ...set, ...Object.fromEntries(following) };
  });
}
