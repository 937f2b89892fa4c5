import { entryAt, itemsOf, nodeAt } from '../../yaml/node.ts';
import { isLoopback } from '../config/address.ts';
import { type Listener, listenersOf } from '../config/listeners.ts';
import type { CollectorRule, View } from '../rule.ts';

/** Listeners that another machine reaches. Of a container with a network of its own: those that Compose publishes. */
const reachable = ({ config, workload }: View, ...roles: readonly Listener['role'][]) =>
  listenersOf(config).filter(({ role, address }) => {
    if (!roles.includes(role) || address === undefined || isLoopback(address)) return false;
    if (workload?.kind !== 'compose' || workload.isOnHost) return true;
    return workload.ports.some((each) => each.port === address.port && !each.isLoopback);
  });

const where = ({ address }: Listener) =>
  address === undefined || address.host === '' ? 'every interface' : `${address.host}:${address.port}`;

const hasTls = ({ settings }: Listener) => nodeAt(settings, 'tls')?.kind === 'map';
const hasAuth = ({ settings }: Listener) =>
  entryAt(settings, 'auth', 'authenticator') !== undefined || entryAt(settings, 'tls', 'client_ca_file') !== undefined;

const withoutTls: CollectorRule = {
  id: 'listener-without-tls',
  severity: 'error',
  reason: 'Telemetry and tokens cross the network in plain text.',
  fix: 'Set tls.cert_file and tls.key_file, or listen on 127.0.0.1.',
  *find(view) {
    for (const listener of reachable(view, 'receiver')) {
      if (hasTls(listener)) continue;
      yield { at: listener.at, message: `${upper(listener.what)} listens on ${where(listener)} without TLS.` };
    }
  },
};

const withoutAuth: CollectorRule = {
  id: 'listener-without-auth',
  severity: 'error',
  reason: 'Every program that reaches the port can write into the stores, or fill them.',
  fix: 'Set auth.authenticator, or tls.client_ca_file, or listen on 127.0.0.1.',
  *find(view) {
    for (const listener of reachable(view, 'receiver')) {
      if (hasAuth(listener)) continue;
      yield {
        at: listener.at,
        message: `${upper(listener.what)} listens on ${where(listener)} and asks for no token or client certificate.`,
      };
    }
  },
};

const implicit: CollectorRule = {
  id: 'listener-implicit',
  severity: 'warning',
  reason:
    'The default address changed from every interface to localhost, which a container or a probe does not reach (collector issue 2827).',
  fix: 'Write the endpoint out.',
  *find({ config }) {
    for (const { what, role, at, isStated } of listenersOf(config)) {
      if (isStated || (role !== 'receiver' && role !== 'health')) continue;
      yield { at, message: `${upper(what)} has no endpoint: its address depends on the version of the collector.` };
    }
  },
};

const healthExposed: CollectorRule = {
  id: 'health-check-exposed',
  severity: 'warning',
  reason: 'A health page on every interface is one more port that every host reaches.',
  fix: 'Name the address that the probe reaches, and no wider one.',
  *find(view) {
    for (const listener of reachable(view, 'health')) {
      // A probe of Kubernetes or Compose comes to the address of the container.
      if (view.workload !== undefined && view.workload.kind !== 'unit') continue;
      yield { at: listener.at, message: `${upper(listener.what)} listens on ${where(listener)}.` };
    }
  },
};

const debuggingExposed: CollectorRule = {
  id: 'debugging-exposed',
  severity: 'error',
  reason:
    'The extension pprof hands out the contents of memory, and zpages the pipelines, to every program that reaches the port.',
  fix: 'Remove the extension, or let it listen on 127.0.0.1 while you look for a fault.',
  *find(view) {
    for (const listener of reachable(view, 'debugging')) {
      yield {
        at: listener.at,
        message: `${upper(listener.what)} listens on ${where(listener)}, with what is in memory.`,
      };
    }
  },
};

const metricsExposed: CollectorRule = {
  id: 'metrics-page-exposed',
  severity: 'warning',
  reason: 'A page of metrics names hosts, services and tenants to every host that reaches it.',
  fix: 'Listen on the address that Prometheus reaches, with tls and auth where the page has them.',
  *find(view) {
    for (const listener of reachable(view, 'exporter', 'telemetry')) {
      if (hasTls(listener) || (view.workload !== undefined && view.workload.kind !== 'unit')) continue;
      yield { at: listener.at, message: `${upper(listener.what)} listens on ${where(listener)} without TLS.` };
    }
  },
};

const limits: CollectorRule = {
  id: 'receiver-unlimited',
  severity: 'warning',
  reason: 'One connection with any number of streams, or one body of any size, takes the memory of all.',
  fix: 'Set max_recv_msg_size_mib and max_concurrent_streams of gRPC, max_request_body_size of HTTP.',
  *find({ config }) {
    for (const { id, settings } of config.used('receivers', 'otlp')) {
      for (const [protocol, keys] of [
        ['grpc', ['max_recv_msg_size_mib', 'max_concurrent_streams']],
        ['http', ['max_request_body_size']],
      ] as const) {
        const entry = entryAt(settings, 'protocols', protocol);
        const missing = keys.filter((key) => entryAt(entry?.value, key) === undefined);
        if (entry === undefined || missing.length === 0) continue;
        yield { at: entry.keyAt, message: `The receiver ${id} (${protocol}) has no ${missing.join(' and no ')}.` };
      }
    }
  },
};

const anyOrigin: CollectorRule = {
  id: 'cors-any-origin',
  severity: 'error',
  reason: 'Every web page that a user opens can send telemetry in their name.',
  fix: 'List the origins of your own pages.',
  *find({ config }) {
    for (const { id, settings } of config.used('receivers', 'otlp')) {
      for (const origin of itemsOf(nodeAt(settings, 'protocols', 'http', 'cors', 'allowed_origins'))) {
        if (!/^(?:https?:\/\/)?\*$/.test(config.text(origin) ?? '')) continue;
        yield { at: origin.at, message: `The receiver ${id} takes telemetry from the pages of every origin.` };
      }
    }
  },
};

function upper(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

export const listenerRules: readonly CollectorRule[] = [
  withoutTls,
  withoutAuth,
  implicit,
  healthExposed,
  debuggingExposed,
  metricsExposed,
  limits,
  anyOrigin,
];
