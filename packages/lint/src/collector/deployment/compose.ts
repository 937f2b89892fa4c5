import { entriesOf, entryAt, itemsOf, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import { bytesOf, configsIn, type ExpectedPort, type Workload } from './deployment.ts';

/** The services of a compose file that start a collector. */
export function composeWorkloads(file: string, document: YamlNode): readonly Workload[] {
  return entriesOf(nodeAt(document, 'services')).flatMap(({ key, keyAt, value }) => {
    const configs = configsIn([...wordsOf(nodeAt(value, 'entrypoint')), ...wordsOf(nodeAt(value, 'command'))]);
    if (configs.length === 0) return [];
    const limit = entryAt(value, 'deploy', 'resources', 'limits', 'memory') ?? entryAt(value, 'mem_limit');
    const bytes = bytesOf(textAt(limit?.value) ?? '', true);
    const volumes = itemsOf(nodeAt(value, 'volumes')).map(mountOf);
    return {
      kind: 'compose',
      name: key,
      file,
      at: keyAt,
      configs,
      environment: new Map(environmentOf(nodeAt(value, 'environment'))),
      memoryLimit: limit && bytes ? { bytes, at: limit.keyAt } : undefined,
      replicas: Number(textAt(value, 'deploy', 'replicas') ?? 1) || 1,
      disk: {
        isOpen: false,
        kept: volumes.filter(({ isReadOnly }) => !isReadOnly).map(({ target }) => target),
        lost: textAt(value, 'read_only') === 'true' ? tmpfsOf(value) : ['/'],
        given: [
          ...volumes.map(({ target }) => target),
          ...granted(nodeAt(value, 'secrets'), '/run/secrets'),
          ...granted(nodeAt(value, 'configs'), ''),
        ],
      },
      ports: itemsOf(nodeAt(value, 'ports')).flatMap((port) => publishedPort(file, key, port)),
    } satisfies Workload;
  });
}

function wordsOf(node: YamlNode | undefined): readonly string[] {
  if (node?.kind === 'list') return node.items.flatMap((item) => textAt(item) ?? []);
  return textAt(node)?.split(/\s+/) ?? [];
}

function environmentOf(node: YamlNode | undefined): readonly (readonly [string, string])[] {
  const pairs =
    node?.kind === 'list'
      ? node.items.map((item) => /^([^=]+)=(.*)$/s.exec(textAt(item) ?? '')?.slice(1) ?? [])
      : entriesOf(node).map(({ key, value }) => [key, textAt(value)]);
  return pairs.flatMap(([name, value]) => {
    if (name === undefined || value === undefined) return [];
    const known = composeValue(value);
    return known === undefined ? [] : [[name, known] as const];
  });
}

/** Compose's own variables: the default counts. https://docs.docker.com/reference/compose-file/interpolation/ */
function composeValue(value: string): string | undefined {
  const replaced = value.replace(/\$\{\w+:?-([^}]*)\}/g, '$1');
  return /\$(?!\$)/.test(replaced) ? undefined : replaced.replaceAll('$$', '$');
}

function mountOf(node: YamlNode): { readonly target: string; readonly isReadOnly: boolean } {
  if (node.kind === 'map') {
    return { target: textAt(node, 'target') ?? '', isReadOnly: textAt(node, 'read_only') === 'true' };
  }
  const [, target = '', mode = ''] = (composeValue(textAt(node) ?? '') ?? textAt(node) ?? '').split(':');
  return { target, isReadOnly: mode.split(',').includes('ro') };
}

function tmpfsOf(service: YamlNode): readonly string[] {
  return wordsOf(nodeAt(service, 'tmpfs')).map((each) => each.split(':')[0] ?? each);
}

/** Where a secret or config of the short or long form is put. */
function granted(node: YamlNode | undefined, folder: string): readonly string[] {
  return itemsOf(node).map((item) => {
    const target = textAt(item, 'target') ?? textAt(item, 'source') ?? textAt(item) ?? '';
    return target.startsWith('/') ? target : `${folder}/${target}`;
  });
}

function publishedPort(file: string, service: string, node: YamlNode): readonly ExpectedPort[] {
  const text =
    textAt(node, 'target') ??
    composeValue(textAt(node) ?? '')
      ?.split(':')
      .at(-1)
      ?.split('/')[0];
  const port = Number(text);
  if (!Number.isInteger(port) || port <= 0) return [];
  return [{ port, what: `the published port ${port} of the service ${service}`, file, at: node.at }];
}
