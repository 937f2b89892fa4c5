import type { Position } from '../../findings/finding.ts';
import type { CollectorConfig } from '../config/collectorConfig.ts';
import type { Environment } from '../config/expanded.ts';

/** What starts a collector: a systemd unit, a service of a compose file, a container of Kubernetes. */
export interface Workload {
  readonly kind: 'unit' | 'compose' | 'kubernetes';
  readonly name: string;
  readonly file: string;
  readonly at: Position;
  /** Last parts of the paths that `--config` names. */
  readonly configs: readonly string[];
  readonly environment: Environment;
  /** What the kernel ends it at. */
  readonly memoryLimit: { readonly bytes: number; readonly at: Position } | undefined;
  readonly replicas: number;
  readonly disk: Disk;
  /** Services of the same compose file: what goes to them stays on the bridge of one machine. */
  readonly neighbours: readonly string[];
  /** It has the interfaces of its host, and not a network of its own. */
  readonly isOnHost: boolean;
  /** ConfigMaps that are mounted into it. */
  readonly configMaps: readonly string[];
  /** Ports that others reach it at: published, of a Service, of a probe, of a NetworkPolicy. */
  readonly ports: readonly ExpectedPort[];
}

/** What a workload can write, and what becomes of it. */
export interface Disk {
  /** Nothing keeps it from writing where its user may: a unit without ProtectSystem=strict and DynamicUser. */
  readonly isOpen: boolean;
  /** Folders that it can write and that survive a restart. */
  readonly kept: readonly string[];
  /** Folders that it can write and that do not. */
  readonly lost: readonly string[];
  /** Files and folders that are put there for it: secrets, configuration. */
  readonly given: readonly string[];
}

export interface ExpectedPort {
  readonly port: number;
  /** `the readiness probe`, `port 4317 of the Service gateway` */
  readonly what: string;
  readonly file: string;
  readonly at: Position;
  /** Published on the loopback of the host alone. */
  readonly isLoopback: boolean;
}

/** Everything in one run. */
export interface Deployment {
  readonly configs: readonly CollectorConfig[];
  readonly workloads: readonly Workload[];
}

/** The workloads that start a configuration: by the name of the file, in Kubernetes by the ConfigMap where there is one. */
export function workloadsOf({ configs, workloads }: Deployment, { source }: CollectorConfig): readonly Workload[] {
  return workloads.filter((workload) => {
    if (!workload.configs.includes(source.name)) return false;
    if (workload.kind !== 'kubernetes') return source.configMap === undefined;
    const mounted = configs.filter(
      ({ source: each }) => each.name === source.name && workload.configMaps.includes(each.configMap ?? ''),
    );
    return mounted.length === 0 || mounted.some((each) => each.source === source);
  });
}

export function isBelow(path: string, folders: readonly string[]): boolean {
  const clean = (text: string) => text.replace(/\/+$/, '');
  return folders.some((folder) => clean(path) === clean(folder) || path.startsWith(`${clean(folder)}/`));
}

/** The last parts of the paths after `--config`, in any of the forms that a command line has. */
export function configsIn(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    const value = /^--config=(.+)$/.exec(word)?.[1] ?? (word === '--config' ? words[index + 1] : undefined);
    const path = value?.replace(/^file:/, '').replace(/^["']|["']$/g, '');
    return path === undefined || /^(?:yaml|env|https?):/.test(path) ? [] : [path.split('/').at(-1) ?? path];
  });
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1000,
  m: 1e6,
  g: 1e9,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
};

/** `512Mi`, `512M` and `0.5G` in bytes. systemd and Docker count by 1024 also without the i. */
export function bytesOf(text: string, isBinary: boolean): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?i?)b?$/i.exec(text.trim());
  if (match === null) return undefined;
  const unit = match[2]?.toLowerCase() ?? '';
  return Number(match[1]) * (units[isBinary && unit !== '' && !unit.endsWith('i') ? `${unit}i` : unit] ?? 1);
}
