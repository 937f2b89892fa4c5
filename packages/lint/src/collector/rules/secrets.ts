import { entriesOf, entryAt, nodeAt, nodesBelow, textAt, type YamlEntry, type YamlNode } from '../../yaml/node.ts';
import { addressOf, isLoopback } from '../config/address.ts';
import { type CollectorConfig, placeOf } from '../config/collectorConfig.ts';
import { isBelow } from '../deployment/deployment.ts';
import type { CollectorRule, View } from '../rule.ts';

const secretKey =
  /^(?:token|password|passwd|api_?key|access_key|secret(?:_key|_access_key)?|client_secret|bearer_token)$/i;
/** Headers that carry one. */
const secretHeader = /^(?:authorization|x-api-key|api-key|x-.*-(?:token|key)|.*-token)$/i;

/** Entries of a whole configuration. */
function* entries(root: YamlNode): Generator<YamlEntry> {
  for (const node of nodesBelow(root)) yield* entriesOf(node);
}

const literal: CollectorRule = {
  id: 'secret-in-text',
  severity: 'error',
  reason: 'A secret in a configuration is in its repository, its backups and its ConfigMap, for all who read them.',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is how a collector names a variable.
  fix: 'Write ${env:NAME} or ${file:/path}, or name a file (filename, token_file).',
  *find({ config }) {
    for (const { key, keyAt, value } of entries(config.root)) {
      const text = textAt(value);
      if (!secretKey.test(key) && !secretHeader.test(key)) continue;
      if (text === undefined || text === '' || text.includes('${') || value.kind !== 'scalar') continue;
      if (typeof value.value !== 'string') continue;
      // The value itself never: this text goes into logs of builds.
      yield { at: keyAt, message: `${key} has its value written out.` };
    }
  },
};

/** Where a component connects to, with the settings of its TLS. */
function* connections(config: CollectorConfig) {
  for (const exporter of config.used('exporters')) {
    const { id, type, settings } = exporter;
    if (type === 'prometheus') continue;
    const inner = type === 'load_balancing' ? nodeAt(settings, 'protocol', 'otlp') : settings;
    const endpoint = config.text(settings, 'endpoint');
    yield {
      id,
      at: placeOf(exporter, 'endpoint'),
      type,
      tls: nodeAt(inner, 'tls'),
      endpoint,
      isResolved: type === 'load_balancing',
    };
  }
}

const plain: CollectorRule = {
  id: 'export-in-plain-text',
  severity: 'error',
  reason: 'Telemetry and tokens cross the network in plain text.',
  fix: 'Remove tls.insecure and write https://, with tls.ca_file where the certificate is your own.',
  *find({ config, workload }) {
    for (const { id, at, tls, endpoint, isResolved } of connections(config)) {
      const address = endpoint === undefined ? undefined : addressOf(endpoint);
      if (address === undefined ? !isResolved : isLoopback(address)) continue;
      // Between containers of one compose file nothing leaves the machine.
      if (workload?.neighbours.includes(address?.host ?? '')) continue;
      const entry = entryAt(tls, 'insecure');
      const isPlain = config.text(entry?.value) === 'true' || endpoint?.startsWith('http://');
      if (!isPlain) continue;
      const to = address === undefined ? 'the hosts that it finds' : address.host;
      yield {
        at: address === undefined ? (entry?.keyAt ?? at) : at,
        message: `The exporter ${id} sends to ${to} without TLS.`,
      };
    }
  },
};

/** https://github.com/open-telemetry/opentelemetry-collector/blob/main/config/configtls/configtls.go: insecure counts without a CA. */
const contradiction: CollectorRule = {
  id: 'tls-contradiction',
  severity: 'error',
  reason:
    'With a ca_file the connection is encrypted, also where insecure is true: a store in plain text gets nothing.',
  fix: 'Remove insecure where the other side has TLS, and ca_file where it has none.',
  *find({ config }) {
    for (const { id, at, tls } of connections(config)) {
      const ca = config.text(tls, 'ca_file') ?? config.text(tls, 'ca_pem') ?? '';
      if (ca === '' || config.text(tls, 'insecure') !== 'true') continue;
      const message = `The exporter ${id} has insecure: true and a ca_file, which wins: the connection is encrypted.`;
      yield { at: entryAt(tls, 'insecure')?.keyAt ?? at, message };
    }
  },
};

const unverified: CollectorRule = {
  id: 'tls-unverified',
  severity: 'error',
  reason: 'Without verification, every host on the way can pretend to be the store, and gets the tokens.',
  fix: 'Remove insecure_skip_verify, and set ca_file.',
  *find({ config }) {
    for (const { key, keyAt, value } of entries(config.root)) {
      if (key !== 'insecure_skip_verify' || config.text(value) !== 'true') continue;
      yield { at: keyAt, message: 'The certificate of the other side is not verified.' };
    }
  },
};

const oldVersion: CollectorRule = {
  id: 'tls-old-version',
  severity: 'error',
  reason: 'TLS 1.0 and 1.1 are broken: RFC 8996.',
  fix: 'Set min_version: "1.3", or "1.2" for clients that need it.',
  *find({ config }) {
    for (const { key, keyAt, value } of entries(config.root)) {
      if (key !== 'min_version' || !['1', '1.0', '1.1'].includes(config.text(value) ?? '')) continue;
      yield { at: keyAt, message: `TLS ${config.text(value)} is accepted.` };
    }
  },
};

const remote: CollectorRule = {
  id: 'config-from-network',
  severity: 'error',
  reason: 'A collector that takes settings from the network can be taken over from there.',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is how a collector names a file.
  fix: 'Use ${file:…} or ${env:…}, and deliver the file with the configuration.',
  *find({ config }) {
    for (const node of nodesBelow(config.root)) {
      const text = textAt(node);
      if (text === undefined || !/\$\{(?:https?|s3):/.test(text)) continue;
      yield { at: node.at, message: 'This setting is read from the network when the collector starts.' };
    }
  },
};

const fileKeys = /^(?:filename|.*_file|htpasswd)$/;

/** Files that the configuration needs and does not bring, with their places. */
function* filesOf({ config }: View) {
  for (const { key, value } of entries(config.root)) {
    const text = textAt(value) ?? '';
    for (const [, path = ''] of text.matchAll(/\$\{file:([^}]*)\}/g)) yield { path, at: value.at };
    const path = fileKeys.test(key) ? config.text(value) : undefined;
    if (path !== undefined && path !== '') yield { path, at: value.at };
  }
}

const missingFile: CollectorRule = {
  id: 'file-not-given',
  severity: 'error',
  reason: 'A secret or certificate that the container does not have keeps the collector from starting.',
  fix: 'Mount it there, or name the path where it is mounted.',
  *find(view) {
    for (const { path, at } of filesOf(view)) {
      if (!path.startsWith('/')) {
        const fix = 'Write the whole path.';
        yield {
          at,
          message: `${path === '' ? 'An empty path' : path} depends on the folder that the collector starts in.`,
          fix,
        };
        continue;
      }
      const { workload } = view;
      if (workload === undefined || isBelow(path, [...workload.disk.given, ...workload.disk.kept])) continue;
      if (workload.disk.given.includes('/')) continue;
      yield { at, message: `${path} is not mounted into ${workload.name} (${workload.file}).` };
    }
  },
};

export const secretRules: readonly CollectorRule[] = [
  literal,
  plain,
  contradiction,
  unverified,
  oldVersion,
  remote,
  missingFile,
];
