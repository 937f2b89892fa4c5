import type { SignalRegistry } from '@benchlab-otel/core';
import type { LintFile, LintKind } from '@benchlab-otel/lint';

/** A word after `benchlab-probe lint`. Its linter is loaded when it runs. */
export interface NamedKind {
  readonly name: string;
  readonly summary: string;
  /** Paragraphs of its help. */
  readonly text: string;
  /** Command lines after `benchlab-probe lint NAME`. */
  readonly examples: readonly string[];
  /** It holds queries against a registry, and takes more of them with `--registry`. */
  readonly hasRegistry?: true;
  /** How a finding is allowed, where that is not by a comment. */
  readonly exceptions?: string;
  /** @throws BenchlabError BAD_OPTION when the files of a registry cannot be read */
  load(registry: readonly LintFile[]): Promise<LintKind>;
}

/** Every kind of files that `lint` reads, in the order of the help. */
export const lintKinds: readonly NamedKind[] = [
  {
    name: 'collector',
    summary: 'collectors: what loses data or exposes it, also against the units and manifests that start them',
    text: `
Reads the configuration of OpenTelemetry Collectors and, in the same run, what deploys them: systemd units, compose files
and Kubernetes manifests, so that ports, folders, secrets and memory limits are held against each other.
In a folder, files of other kinds are skipped. Of \${env:NAME:-default} the deployment's value counts, else the default.`,
    examples: ['collector-config', 'agent.yaml benchlab-otelcol.service', '--format github collector-config'],
    load: async () => (await import('@benchlab-otel/lint')).collectorKind,
  },
  {
    name: 'rules',
    summary: 'recording and alert rules of Prometheus: queries that are empty, alerts that never fire or state nothing',
    text: `
Reads rule files, and in the same run thresholds.json, foreign-series.json and a folder runbooks, so that each query, number
and link is held against what there is. Series are known from the signal registry, from recording rules and from the list of
foreign series. In a folder, files of other kinds are skipped.`,
    examples: [
      'collector-config/prometheus/rules collector-config/runbooks monitoring/thresholds.json monitoring/foreign-series.json',
    ],
    hasRegistry: true,
    load: async (files) => {
      const [{ rulesKind }, registry] = await Promise.all([import('@benchlab-otel/lint'), registryWith(files)]);
      return rulesKind(registry);
    },
  },
  {
    name: 'dashboards',
    summary:
      'dashboards of Grafana: queries that are empty, wrong units and thresholds, lost links, what breaks elsewhere',
    text: `
Reads dashboards of form v1 and v2 as JSON, as resources of Kubernetes, and in ConfigMaps; and in the same run rule files,
thresholds.json, foreign-series.json, a folder runbooks and provider files of Grafana, so that each query, number, unit and link is
held against what there is. Without foreign-series.json, only series whose names begin like ours can be unknown.
Variables of Grafana are replaced before a query is read. Queries of other languages than PromQL and LogQL are not read.`,
    exceptions:
      'The file dashboard-exclusions.yaml lists findings that stay, each by rule, dashboard, panel and query, with a reason.',
    examples: [
      'monitoring/grafana/dashboards',
      'monitoring/grafana monitoring/thresholds.json monitoring/foreign-series.json collector-config/prometheus/rules collector-config/runbooks',
      '--registry metrics.yaml dashboards',
    ],
    hasRegistry: true,
    load: async (files) => {
      const [{ dashboardsKind }, registry] = await Promise.all([import('@benchlab-otel/lint'), registryWith(files)]);
      return dashboardsKind(registry);
    },
  },
  {
    name: 'probe',
    summary: 'probe.yaml, what a run must show: keys and values that are not known, what no run can meet',
    text: `
Reads files of \`run --expect\` and finds every mistake with its line and column. \`run\` refuses the same files for the same
mistakes, so there are no exceptions. In a folder, files whose names end in probe.yaml are read.`,
    exceptions: 'docs/presence.md has the form; schema/probe.schema.json is for editors.',
    examples: ['probe.yaml', '--format github checks'],
    load: async () => (await import('../presence/probeKind.ts')).probeKind,
  },
];

/** The registry of this project, and what files define on top of it. */
async function registryWith(files: readonly LintFile[]): Promise<SignalRegistry> {
  const [{ withDefinitions }, { coreFamilies, joinFamilies }, { presetFamilies }] = await Promise.all([
    import('@benchlab-otel/lint'),
    import('@benchlab-otel/core'),
    import('@benchlab-otel/presets'),
  ]);
  const registry = joinFamilies([...presetFamilies, ...coreFamilies]);
  return files.length === 0 ? registry : withDefinitions(registry, files);
}
