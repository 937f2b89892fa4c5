import type { Position } from '../../findings/finding.ts';
import { entriesOf, entryAt, itemsOf, nodeAt, type YamlNode } from '../../yaml/node.ts';
import { type Address, addressOf } from './address.ts';
import { type CollectorConfig, type Component, placeOf } from './collectorConfig.ts';

/** An address that a collector listens on. */
export interface Listener {
  /** `the receiver otlp (grpc)` */
  readonly what: string;
  readonly role: 'receiver' | 'exporter' | 'health' | 'debugging' | 'telemetry';
  /** Undefined where only the running machine knows it. */
  readonly address: Address | undefined;
  /** Of the setting, or of what it belongs to. */
  readonly at: Position;
  readonly isStated: boolean;
  /** With `tls` and `auth`. */
  readonly settings: YamlNode | undefined;
}

/** Receivers that others send to, with the ports that they have by default. */
const protocols: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  otlp: { grpc: 4317, http: 4318 },
  jaeger: { grpc: 14250, thrift_http: 14268, thrift_compact: 6831, thrift_binary: 6832 },
};
const sentTo: Readonly<Record<string, number>> = {
  zipkin: 9411,
  opencensus: 55678,
  splunk_hec: 8088,
  statsd: 8125,
  influxdb: 8086,
  loki: 3100,
  prometheus_remote_write: 9090,
  webhook_event: 8080,
};
const extensions: Readonly<Record<string, readonly [Listener['role'], number]>> = {
  health_check: ['health', 13133],
  zpages: ['debugging', 55679],
  pprof: ['debugging', 1777],
};

/** Everything that a collector listens on with what it has in use. */
export function listenersOf(config: CollectorConfig): readonly Listener[] {
  const listener = (
    component: Component,
    role: Listener['role'],
    port: number,
    detail = '',
    ...path: readonly string[]
  ) => {
    const settings = nodeAt(component.settings, ...path);
    const stated = entryAt(settings, 'endpoint');
    const text = stated === undefined ? `localhost:${port}` : config.text(stated.value);
    const kind = component.kind.slice(0, -1);
    return {
      what: `the ${kind} ${component.id}${detail}`,
      role,
      address: text === undefined ? undefined : addressOf(text),
      at: placeOf(component, ...path, 'endpoint'),
      isStated: stated !== undefined,
      settings,
    } satisfies Listener;
  };
  return [
    ...config.used('receivers').flatMap((receiver) =>
      entriesOf(nodeAt(receiver.settings, 'protocols')).flatMap(({ key }) => {
        const port = protocols[receiver.type]?.[key];
        return port === undefined ? [] : [listener(receiver, 'receiver', port, ` (${key})`, 'protocols', key)];
      }),
    ),
    ...config
      .used('receivers', ...Object.keys(sentTo))
      .map((each) => listener(each, 'receiver', sentTo[each.type] ?? 0)),
    ...config.used('exporters', 'prometheus').map((each) => listener(each, 'exporter', 0)),
    ...config.used('extensions', ...Object.keys(extensions)).flatMap((each) => {
      const [role, port] = extensions[each.type] ?? [];
      return role === undefined || port === undefined ? [] : [listener(each, role, port)];
    }),
    ...telemetryListeners(config),
  ];
}

function telemetryListeners(config: CollectorConfig): readonly Listener[] {
  const readers = itemsOf(nodeAt(config.root, 'service', 'telemetry', 'metrics', 'readers'));
  return readers.flatMap((reader) => {
    const page = entryAt(reader, 'pull', 'exporter', 'prometheus');
    if (page === undefined) return [];
    const host = entryAt(page.value, 'host');
    const [name, port] = [config.text(host?.value), Number(config.text(page.value, 'port') ?? 8888)];
    const address =
      host === undefined ? { host: 'localhost', port } : name === undefined ? undefined : { host: name, port };
    const what = "the page of the collector's own metrics";
    return {
      what,
      role: 'telemetry',
      address,
      at: host?.keyAt ?? page.keyAt,
      isStated: host !== undefined,
      settings: page.value,
    };
  });
}
