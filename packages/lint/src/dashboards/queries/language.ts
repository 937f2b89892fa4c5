import type { DataSource, Language, Variable, Written } from '../model/dashboard.ts';

const prometheus = /^(prometheus|grafana-amazonprometheus-datasource|grafana-azureprometheus-datasource)$/;
/** Data sources whose queries name no series: traces, alerts, results of other queries. */
const silent =
  /^(grafana|datasource|dashboard|__expr__|-- (Grafana|Mixed|Dashboard) --|jaeger|tempo|zipkin|alertmanager|alertlist|grafana-testdata-datasource|testdata)$/;

/** In which language the queries of a data source are. `other`: in one that is not read here. */
export function languageOf(
  datasource: DataSource | undefined,
  variables: readonly Variable[],
  written: Written | undefined,
): Language {
  const type = typeOf(datasource, variables);
  if (type === undefined) return written === undefined ? 'none' : 'promql';
  if (prometheus.test(type)) return 'promql';
  if (type === 'loki') return 'logql';
  return silent.test(type) ? 'none' : 'other';
}

/** The type that is written, that of the variable that is named, or that of a special name. */
export function typeOf(datasource: DataSource | undefined, variables: readonly Variable[]): string | undefined {
  if (datasource?.type !== undefined && datasource.type !== 'datasource') return datasource.type;
  const { uid } = datasource ?? {};
  if (uid === undefined) return datasource?.type;
  const name = variableNamed(uid);
  if (name !== undefined) return variables.find((each) => each.name === name)?.query?.text;
  return silent.test(uid) ? uid : datasource?.type;
}

/** The variable that a text consists of: `$datasource`, `${datasource}`, `[[datasource]]`. */
export function variableNamed(text: string): string | undefined {
  const match = /^(?:\$(\w+)|\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\])$/.exec(text);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}
