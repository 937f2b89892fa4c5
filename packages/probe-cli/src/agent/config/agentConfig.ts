/**
 * The configuration of the agent, with the sections and keys of its file. A key that may be absent has no default: what its
 * receiver or the environment does then stands in the table of settings.
 */
export interface AgentConfig {
  readonly general: {
    /** Where sessions are recorded. Nothing is recorded where it is absent. */
    readonly data_root: string | undefined;
    /** Samples a second of every receiver, within the bounds of each. */
    readonly sample_hz: number | undefined;
    readonly node_name: string | undefined;
    readonly session: string | undefined;
  };
  readonly gpu: {
    readonly provider: 'nvml';
    readonly device_index: number | undefined;
    /** Indices as NVML counts them from 0, or UUIDs. */
    readonly devices: readonly (number | string)[] | undefined;
  };
  readonly cpu: { readonly enable_rapl: boolean };
  readonly benchlab: {
    /** Ports of boards. All serial ports are tried where it is absent. */
    readonly device: string | readonly string[] | undefined;
    readonly baud: number | undefined;
    readonly calibration_interval_sec: number | undefined;
    readonly rate_hz: number | undefined;
    readonly dither: boolean;
    readonly assume_firmware: number | undefined;
  };
  readonly pipeline: {
    readonly stage_a: string;
    readonly stage_b: string;
    /** Where pipelines write stage events: files, FIFOs, `unix:PATH`, `udp:PORT`. */
    readonly from: readonly string[] | undefined;
  };
  readonly cx_export: {
    readonly enabled: boolean;
    readonly watch_dir: string | undefined;
    readonly application_name: string;
  };
  readonly prometheus: {
    /** HOST:PORT of the metrics page. */
    readonly bind: string;
    readonly token_file: string | undefined;
    readonly unprotected: boolean | undefined;
  };
  readonly web: {
    /** HOST:PORT of the dashboard. Without it there is none. */
    readonly bind: string | undefined;
    readonly token_file: string | undefined;
    readonly unprotected: boolean;
    /** PEM, for HTTPS: both or neither. */
    readonly cert_file: string | undefined;
    readonly key_file: string | undefined;
    /** What the dashboard shows besides the samples of the agent: addresses as `benchlab-probe web --input` takes them. */
    readonly inputs: readonly string[] | undefined;
  };
  readonly retention: {
    readonly days: number;
    readonly raw_keep_days: number;
    readonly quota_gb: number | undefined;
  };
  readonly agent: {
    readonly sources: readonly AgentSource[];
    /** What they add is in the resource, which all signals of the agent have. */
    readonly enrichers: readonly AgentEnricher[] | undefined;
    readonly simulate: boolean;
    readonly socket: string | undefined;
    readonly telemetry_out: string | undefined;
    /** Each session is closed after this time, and the next one continues. */
    readonly session_hours: number;
  };
  readonly otlp: { readonly endpoint: string | undefined };
  readonly alerts: {
    /** Base URLs. */
    readonly alertmanagers: readonly string[] | undefined;
    readonly webhook: string | undefined;
    readonly webhook_form: 'generic' | 'slack';
    readonly token_file: string | undefined;
    readonly interval_sec: number;
    readonly rules: readonly WrittenAlertRule[] | undefined;
  };
}

/** A rule of alerts as the file has it. */
export interface WrittenAlertRule {
  readonly name: string;
  readonly series: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly when: string;
  /** `30s`, `5m`, `1h` */
  readonly for?: string | undefined;
  readonly severity: 'critical' | 'warning' | 'info';
  readonly summary: string;
  readonly runbook?: string | undefined;
}

/** What the agent can read: the names of the table of receivers. */
export const agentSources = ['benchlab', 'host', 'nvml'] as const;
export type AgentSource = (typeof agentSources)[number];

/** Enrichers that say something of a process without spans: names of `@benchlab-otel/enrichers`. */
export const agentEnrichers = ['git', 'ci', 'container'] as const;
type AgentEnricher = (typeof agentEnrichers)[number];

export type SectionName = keyof AgentConfig;

/** `general.sample_hz` */
export type SettingPath = {
  readonly [S in SectionName]: `${S}.${Extract<keyof AgentConfig[S], string>}`;
}[SectionName];
