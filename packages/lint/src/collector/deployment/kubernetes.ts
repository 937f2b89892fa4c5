import { entryAt, itemsOf, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import type { Variable } from '../config/expanded.ts';
import { bytesOf, configsIn, type Disk, type Workload } from './deployment.ts';
import { type KubernetesDocument, portsOf } from './kubernetesPorts.ts';

const podOwners = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The containers of all manifests that start a collector, with the Services and policies of their pods. */
export function kubernetesWorkloads(documents: readonly KubernetesDocument[]): readonly Workload[] {
  return documents.flatMap(({ file, document }) => {
    const kind = textAt(document, 'kind') ?? '';
    if (!podOwners.includes(kind) && kind !== 'Pod') return [];
    const pod = kind === 'Pod' ? document : nodeAt(document, 'spec', 'template');
    const claims = itemsOf(nodeAt(document, 'spec', 'volumeClaimTemplates'));
    return itemsOf(nodeAt(pod, 'spec', 'containers')).flatMap((container) => {
      const configs = configsIn([...textsOf(nodeAt(container, 'command')), ...textsOf(nodeAt(container, 'args'))]);
      if (configs.length === 0) return [];
      const limit = entryAt(container, 'resources', 'limits', 'memory');
      const bytes = bytesOf(textAt(limit?.value) ?? '', false);
      return {
        kind: 'kubernetes',
        name: textAt(document, 'metadata', 'name') ?? '',
        file,
        at: nodeAt(container, 'name')?.at ?? container.at,
        configs,
        environment: new Map(environmentOf(container)),
        memoryLimit: limit && bytes ? { bytes, at: limit.keyAt } : undefined,
        replicas: kind === 'DaemonSet' ? 1 : Number(textAt(document, 'spec', 'replicas') ?? 1),
        disk: diskOf(container, nodeAt(pod, 'spec'), claims),
        neighbours: [],
        isOnHost: textAt(pod, 'spec', 'hostNetwork') === 'true',
        configMaps: configMapsOf(nodeAt(pod, 'spec')),
        ports: portsOf(file, container, pod, documents),
      } satisfies Workload;
    });
  });
}

function configMapsOf(spec: YamlNode | undefined): readonly string[] {
  const volumes = itemsOf(nodeAt(spec, 'volumes'));
  const sources = [...volumes, ...volumes.flatMap((volume) => itemsOf(nodeAt(volume, 'projected', 'sources')))];
  return sources.flatMap((source) => textAt(source, 'configMap', 'name') ?? []);
}

function textsOf(node: YamlNode | undefined): readonly string[] {
  return itemsOf(node).flatMap((item) => textAt(item) ?? []);
}

/** Values that stand in the manifest; those of fields and secrets are known only there. */
function environmentOf(container: YamlNode): readonly (readonly [string, Variable])[] {
  return itemsOf(nodeAt(container, 'env')).flatMap((item) => {
    const [name, value] = [textAt(item, 'name'), textAt(item, 'value')];
    const at = nodeAt(item, 'value')?.at ?? item.at;
    return name === undefined || value === undefined || value.includes('$(') ? [] : [[name, { value, at }] as const];
  });
}

function diskOf(container: YamlNode, spec: YamlNode | undefined, claims: readonly YamlNode[]): Disk {
  const volumes = new Map(itemsOf(nodeAt(spec, 'volumes')).map((volume) => [textAt(volume, 'name') ?? '', volume]));
  const claimed = new Set(claims.map((claim) => textAt(claim, 'metadata', 'name') ?? ''));
  const mounts = itemsOf(nodeAt(container, 'volumeMounts')).map((mount) => {
    const name = textAt(mount, 'name') ?? '';
    const has = (kind: string) => entryAt(volumes.get(name), kind) !== undefined;
    const isGiven = ['configMap', 'secret', 'projected'].some(has) || textAt(mount, 'readOnly') === 'true';
    const isKept = claimed.has(name) || ['persistentVolumeClaim', 'hostPath', 'ephemeral'].some(has);
    return { path: textAt(mount, 'mountPath') ?? '', use: isGiven ? 'given' : isKept ? 'kept' : 'lost' };
  });
  const paths = (use: string) => mounts.filter((mount) => mount.use === use).map(({ path }) => path);
  const isReadOnly = textAt(container, 'securityContext', 'readOnlyRootFilesystem') === 'true';
  const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
  return {
    isOpen: false,
    kept: paths('kept'),
    lost: [...paths('lost'), ...(isReadOnly ? [] : ['/'])],
    given: [...mounts.map(({ path }) => path), serviceAccount],
  };
}
