export type ComponentKind = 'receivers' | 'processors' | 'exporters' | 'connectors' | 'extensions';

export const componentKinds: readonly ComponentKind[] = [
  'receivers',
  'processors',
  'exporters',
  'connectors',
  'extensions',
];

/**
 * Names of types that were replaced between collector 0.144 and 0.153, with the names that replaced them. The old ones are
 * deprecated aliases: see the change logs of opentelemetry-collector and opentelemetry-collector-contrib.
 */
const replaced: Readonly<Record<ComponentKind, Readonly<Record<string, string>>>> = {
  receivers: {
    filelog: 'file_log',
    hostmetrics: 'host_metrics',
    kubeletstats: 'kubelet_stats',
  },
  processors: {
    k8sattributes: 'k8s_attributes',
    resourcedetection: 'resource_detection',
  },
  exporters: {
    otlp: 'otlp_grpc',
    otlphttp: 'otlp_http',
    loadbalancing: 'load_balancing',
    prometheusremotewrite: 'prometheus_remote_write',
  },
  connectors: { spanmetrics: 'span_metrics', servicegraph: 'service_graph' },
  extensions: {},
};

/** The name that replaced a deprecated one. Undefined of a name that is not deprecated. */
export function replacementOf(kind: ComponentKind, type: string): string | undefined {
  return Object.hasOwn(replaced[kind], type) ? replaced[kind][type] : undefined;
}

/** The present name of a type, by which rules compare. */
export function presentName(kind: ComponentKind, type: string): string {
  return replacementOf(kind, type) ?? type;
}
