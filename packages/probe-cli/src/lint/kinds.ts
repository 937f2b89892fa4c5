import type { LintKind } from '@benchlab-otel/lint';

/** A word after `benchlab-probe lint`. Its linter is loaded when it runs. */
export interface NamedKind {
  readonly name: string;
  readonly summary: string;
  /** Paragraphs of its help. */
  readonly text: string;
  /** Command lines after `benchlab-probe lint NAME`. */
  readonly examples: readonly string[];
  load(): Promise<LintKind>;
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
    load: async () => {
      const [{ rulesKind }, { coreFamilies, joinFamilies }, { presetFamilies }] = await Promise.all([
        import('@benchlab-otel/lint'),
        import('@benchlab-otel/core'),
        import('@benchlab-otel/presets'),
      ]);
      return rulesKind(joinFamilies([...presetFamilies, ...coreFamilies]));
    },
  },
];
