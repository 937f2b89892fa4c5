import type { Position } from '../../findings/finding.ts';
import { entriesOf, itemsOf, nodeAt, textAt, type YamlNode } from '../../yaml/node.ts';
import type { ExpectedPort } from './deployment.ts';

export interface KubernetesDocument {
  readonly file: string;
  readonly document: YamlNode;
}

/** Ports of a container that its probes, the Services and the policies of its pod expect to be listened on. */
export function portsOf(
  file: string,
  container: YamlNode,
  pod: YamlNode | undefined,
  documents: readonly KubernetesDocument[],
): readonly ExpectedPort[] {
  const named = new Map(
    itemsOf(nodeAt(container, 'ports')).map((port) => [
      textAt(port, 'name') ?? '',
      textAt(port, 'containerPort') ?? '',
    ]),
  );
  const expected = (node: YamlNode | undefined, what: string, of: string): readonly ExpectedPort[] => {
    const text = textAt(node);
    const port = Number(text === undefined ? undefined : (named.get(text) ?? text));
    return Number.isInteger(port) && port > 0
      ? [{ port, what, file: of, at: node?.at as Position, isLoopback: false }]
      : [];
  };
  const labels = nodeAt(pod, 'metadata', 'labels');
  return [
    ...['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((probe) =>
      ['httpGet', 'grpc', 'tcpSocket'].flatMap((way) =>
        expected(nodeAt(container, probe, way, 'port'), `the ${probe}`, file),
      ),
    ),
    ...documents.flatMap(({ file: of, document }) => {
      const name = textAt(document, 'metadata', 'name') ?? '';
      if (textAt(document, 'kind') === 'Service' && isSelected(nodeAt(document, 'spec', 'selector'), labels)) {
        return itemsOf(nodeAt(document, 'spec', 'ports')).flatMap((port) =>
          expected(nodeAt(port, 'targetPort') ?? nodeAt(port, 'port'), `the Service ${name}`, of),
        );
      }
      if (textAt(document, 'kind') === 'NetworkPolicy' && isSelected(podSelector(document), labels)) {
        return itemsOf(nodeAt(document, 'spec', 'ingress')).flatMap((rule) =>
          itemsOf(nodeAt(rule, 'ports')).flatMap((port) =>
            expected(nodeAt(port, 'port'), `the NetworkPolicy ${name}`, of),
          ),
        );
      }
      return [];
    }),
  ];
}

function podSelector(policy: YamlNode): YamlNode | undefined {
  return nodeAt(policy, 'spec', 'podSelector', 'matchLabels');
}

/** An empty selector means every pod of a namespace: it does not show which ports one of them has. */
function isSelected(selector: YamlNode | undefined, labels: YamlNode | undefined): boolean {
  const wanted = entriesOf(selector);
  return wanted.length > 0 && wanted.every(({ key, value }) => textAt(labels, key) === textAt(value));
}
