// The variables, not names: a dashboard is provisioned into an installation whose data sources it does not know.

/** A data source as panels, variables and annotations name it. */
export interface SourceRef {
  readonly type: string;
  readonly uid: string;
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
export const metricSource: SourceRef = { type: 'prometheus', uid: '${datasource}' };
export const logSource: SourceRef = { type: 'loki', uid: '${logs}' };
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
