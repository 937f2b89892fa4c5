import type { Position } from '../../findings/finding.ts';
import { entriesOf, entryAt, itemsOf, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import { isLoopback } from '../config/address.ts';
import type { Variable } from '../config/expanded.ts';
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
      neighbours: entriesOf(nodeAt(document, 'services')).map(({ key: name }) => name),
      isOnHost: textAt(value, 'network_mode') === 'host',
      configMaps: [],
      ports: itemsOf(nodeAt(value, 'ports')).flatMap((port) => publishedPort(file, key, port)),
    } satisfies Workload;
  });
}

function wordsOf(node: YamlNode | undefined): readonly string[] {
  if (node?.kind === 'list') return node.items.flatMap((item) => textAt(item) ?? []);
  return textAt(node)?.split(/\s+/) ?? [];
}

function environmentOf(node: YamlNode | undefined): readonly (readonly [string, Variable])[] {
  const made = (name: string, text: string | undefined, at: Position) => {
    const value = text === undefined ? undefined : composeValue(text);
    return value === undefined ? [] : [[name, { value, at }] as const];
  };
  if (node?.kind !== 'list') return entriesOf(node).flatMap(({ key, keyAt, value }) => made(key, textAt(value), keyAt));
  return node.items.flatMap((item) => {
    const [, name, text] = /^([^=]+)=(.*)$/s.exec(textAt(item) ?? '') ?? [];
    return name === undefined ? [] : made(name, text, item.at);
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

/** [HOST:]PUBLISHED:CONTAINER, or the long form. */
function publishedPort(file: string, service: string, node: YamlNode): readonly ExpectedPort[] {
  // Without a default, the published port is any: the container's is what counts.
  const short = (textAt(node) ?? '').replace(/\$\{\w+:?-([^}]*)\}/g, '$1').replace(/\$\{[^}]*\}/g, '0');
  const port = Number(textAt(node, 'target') ?? short.split(':').at(-1)?.split('/')[0]);
  if (!Number.isInteger(port) || port <= 0) return [];
  const host = textAt(node, 'host_ip') ?? /^\[?(.+?)\]?:[^:]*:[^:]*$/.exec(short)?.[1] ?? '';
  const what = `the published port ${port} of the service ${service}`;
  return [{ port, what, file, at: node.at, isLoopback: isLoopback({ host, port }) }];
}
