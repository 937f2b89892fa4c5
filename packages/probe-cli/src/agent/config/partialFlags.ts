import type { AgentConfig, AgentSource, SettingPath } from './agentConfig.ts';
import { bindText, pageAddress } from './bind.ts';
import type { Origin } from './effectiveConfig.ts';

/** Flags that change a part of a value which a lower layer gives. */
export interface PartialFlags {
  /** `--listen`: the host of `prometheus.bind`. */
  readonly listen?: string | undefined;
  /** `--metrics-port`: its port. */
  readonly metricsPort?: number | undefined;
  /** `--no-benchlab` and its like: taken out of `agent.sources`. */
  readonly without?: readonly AgentSource[];
}

interface Layers {
  readonly config: AgentConfig;
  readonly origins: Readonly<Record<SettingPath, Origin>>;
}

export function withPartialFlags(layers: Layers, flags: PartialFlags = {}): Layers {
  return withoutSources(boundTo(layers, flags), flags.without ?? []);
}

function boundTo({ config, origins }: Layers, { listen, metricsPort }: PartialFlags): Layers {
  if (listen === undefined && metricsPort === undefined) return { config, origins };
  const before = pageAddress(config.prometheus.bind);
  const bind = bindText({ host: listen ?? before.host, port: metricsPort ?? before.port });
  const text = listen === undefined ? '--metrics-port' : '--listen';
  return {
    config: { ...config, prometheus: { ...config.prometheus, bind } },
    origins: { ...origins, 'prometheus.bind': { kind: 'flag', text } },
  };
}

function withoutSources({ config, origins }: Layers, without: readonly AgentSource[]): Layers {
  if (without.length === 0) return { config, origins };
  const sources = config.agent.sources.filter((source) => !without.includes(source));
  const text = without.map((source) => `--no-${source}`).join(', ');
  return {
    config: { ...config, agent: { ...config.agent, sources } },
    origins: { ...origins, 'agent.sources': { kind: 'flag', text } },
  };
}
