/** The values of the chart that are checked: each switch in both positions. */
export const helmProfiles: readonly (readonly string[])[] = [
  ['monitoring.enabled=true'],
  ['monitoring.enabled=true', 'monitoring.sidecar.enabled=true', 'monitoring.exporters.dcgm=true'],
  ['monitoring.enabled=true', 'monitoring.gateway.enabled=false', 'monitoring.exporters.enabled=false'],
  ['monitoring.enabled=true', 'monitoring.createNamespace=false', 'monitoring.namespace=other'],
  ['monitoring.enabled=true', 'monitoring.alertmanager.replicas=1', 'monitoring.imagePrefix=mirror.example/x/'],
  ['monitoring.enabled=true', 'monitoring.grafana.enabled=false', 'monitoring.storageClassName=fast'],
  ['monitoring.enabled=true', 'monitoring.grafana.passwordsSecret=grafana-datasources'],
];
