import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LintFile } from '../files/lintFile.ts';
import { lint } from '../findings/lintKind.ts';
import { collectorKind, kindOf } from './collectorKind.ts';
import { collectorRules } from './rules.ts';

const shipped = new URL('../../../../collector-config/', import.meta.url);

function shippedFiles(): readonly LintFile[] {
  return readdirSync(shipped, { recursive: true, encoding: 'utf8' })
    .filter((path) => collectorKind.extensions.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(new URL(path, shipped), 'utf8'), isNamed: false }));
}

/** `FILE:LINE` of what some rules find. */
function found(rules: readonly string[], files: Readonly<Record<string, string>>): readonly string[] {
  const kind = kindOf(collectorRules.filter(({ id }) => rules.includes(id)));
  const given = Object.entries(files).map(([path, text]) => ({ path, text, isNamed: true }));
  return lint(kind, given).map(({ rule, file, line }) => `${rule} ${file}:${line}`);
}

describe('the files that this repository ships', () => {
  test('have no mistakes', () => {
    expect(shippedFiles().length).toBeGreaterThan(1);
    expect(lint(collectorKind, shippedFiles())).toEqual([]);
  });

  test('take less than three seconds of a core, far from what a wrong algorithm takes', () => {
    const files = shippedFiles();
    // Of the processor, because other tests run next to this one.
    const before = process.cpuUsage();

    lint(collectorKind, files);

    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(3000);
  });
});

test('a file that has no key of a collector or of what deploys one is not parsed, unless it is named', () => {
  const text = 'groups:\n\t- broken\n';
  const rulesOf = (file: LintFile) => lint(collectorKind, [file]).map(({ rule }) => rule);

  expect(rulesOf({ path: 'rules.yml', text, isNamed: false })).toEqual([]);
  expect(rulesOf({ path: 'rules.yml', text, isNamed: true })).toContain('yaml-tab');
  expect(rulesOf({ path: 'agent.yaml', text: `service:\n${text}`, isNamed: false })).toContain('yaml-tab');
});

const storage = (directory: string) =>
  `extensions: { file_storage: { directory: "${directory}" } }\nservice: { extensions: [file_storage], pipelines: {} }\n`;

describe('a unit of systemd', () => {
  const unit = (...lines: readonly string[]) =>
    `[Service]\nExecStart=/usr/bin/otelcol \\\n  --config=file:/etc/otelcol/agent.yaml\n${lines.join('\n')}\n`;
  const hardened = 'ProtectSystem=strict';

  test('keeps what is in its StateDirectory and in ReadWritePaths', () => {
    const rules = ['storage-not-kept'];
    const agent = storage('/var/lib/otelcol/queues');

    expect(found(rules, { 'agent.yaml': agent, 'a.service': unit(hardened, 'StateDirectory=otelcol') })).toEqual([]);
    expect(found(rules, { 'agent.yaml': agent, 'a.service': unit(hardened, 'ReadWritePaths=-/var/lib') })).toEqual([]);
    expect(found(rules, { 'agent.yaml': agent, 'a.service': unit(hardened, 'StateDirectory=other') })).toEqual([
      'storage-not-kept agent.yaml:1',
    ]);
    // The user of the service may write there: nothing here forbids it.
    expect(found(rules, { 'agent.yaml': agent, 'a.service': unit() })).toEqual([]);
  });

  test('gives the configuration its variables', () => {
    const agent = storage('$' + '{env:STATE:-/var/lib/otelcol}');

    expect(found(['storage-in-fleeting-folder'], { 'agent.yaml': agent, 'a.service': unit() })).toEqual([]);
    expect(
      found(['storage-in-fleeting-folder'], {
        'agent.yaml': agent,
        'a.service': unit('Environment="A=b c" STATE=/tmp/queues'),
      }),
    ).toEqual(['storage-in-fleeting-folder a.service:4']);
  });

  test('is held against the limiter by its MemoryMax', () => {
    const agent = `processors: { memory_limiter: { limit_mib: 512 } }
service: { pipelines: { traces: { receivers: [otlp], processors: [memory_limiter], exporters: [out] } } }\n`;
    const rules = ['limiter-over-container', 'gomemlimit-missing'];

    expect(found(rules, { 'agent.yaml': agent, 'a.service': unit('MemoryMax=500M') })).toEqual([
      'gomemlimit-missing a.service:4',
      'limiter-over-container agent.yaml:1',
    ]);
    const roomy = unit('MemoryMax=1G', 'Environment=GOMEMLIMIT=800MiB');
    expect(found(rules, { 'agent.yaml': agent, 'a.service': roomy })).toEqual([]);
  });
});

describe('a compose file', () => {
  const compose = (more: string) => `services:
  agent:
    command: ["--config=file:/etc/otelcol/agent.yaml"]
${more}`;

  test('keeps what is on its volumes, and loses the rest', () => {
    const agent = storage('/var/lib/otelcol');

    expect(
      found(['storage-not-kept'], {
        'agent.yaml': agent,
        'compose.yaml': compose('    volumes: ["queues:/var/lib/otelcol"]\n'),
      }),
    ).toEqual([]);
    expect(
      found(['storage-not-kept'], {
        'agent.yaml': agent,
        'compose.yaml': compose('    volumes: ["./queues:/var/lib/otelcol:ro"]\n'),
      }),
    ).toEqual(['storage-not-kept agent.yaml:1']);
  });

  test('publishes ports that the configuration must listen on, not on loopback', () => {
    const agent = (host: string) => `receivers: { otlp: { protocols: { grpc: { endpoint: "${host}:4317" } } } }
service: { pipelines: { traces: { receivers: [otlp], exporters: [out] } } }\n`;
    const rules = ['port-not-listened', 'port-on-loopback'];
    const published = compose('    ports:\n      - "127.0.0.1:14317:4317"\n      - "4318:4318/tcp"\n');

    expect(found(rules, { 'agent.yaml': agent('0.0.0.0'), 'compose.yaml': published })).toEqual([
      'port-not-listened compose.yaml:6',
    ]);
    expect(found(rules, { 'agent.yaml': agent('127.0.0.1'), 'compose.yaml': published })).toEqual([
      'port-on-loopback agent.yaml:1',
      'port-not-listened compose.yaml:6',
    ]);
  });

  test('exposes only what it publishes beyond the loopback of its host', () => {
    const agent = `receivers: { otlp: { protocols: { grpc: { endpoint: "0.0.0.0:4317" } } } }
service: { pipelines: { traces: { receivers: [otlp], exporters: [out] } } }\n`;
    const exposed = (ports: string) =>
      found(['listener-without-tls'], { 'agent.yaml': agent, 'compose.yaml': compose(`    ports: [${ports}]\n`) });

    expect(exposed('"127.0.0.1:4317:4317", "[::1]:4317:4317"')).toEqual([]);
    expect(exposed('"127.0.0.1:$' + '{PORT:-4317}:4317"')).toEqual([]);
    expect(exposed('"4317:4317"')).toEqual(['listener-without-tls agent.yaml:1']);
    expect(exposed('"0.0.0.0:4317:4317"')).toEqual(['listener-without-tls agent.yaml:1']);
    expect(exposed('{ target: 4317, published: 4317, host_ip: 10.0.0.1 }')).toEqual([
      'listener-without-tls agent.yaml:1',
    ]);
  });

  test('may send in plain text to its own services, and to no other host', () => {
    const agent =
      `exporters: { otlp_http: { endpoint: "http://$` +
      `{env:STORE}" } }
service: { pipelines: { traces: { receivers: [otlp], exporters: [otlp_http] } } }\n`;
    const sentTo = (store: string) =>
      found(['export-in-plain-text'], {
        'agent.yaml': agent,
        'compose.yaml': compose(`    environment: [STORE=${store}]\n  jaeger: { image: jaeger }\n`),
      });

    expect(sentTo('jaeger:4318')).toEqual([]);
    // At the line that names the host: the configuration leaves it open.
    expect(sentTo('tempo.example.com:4318')).toEqual(['export-in-plain-text compose.yaml:4']);
  });

  test('has the secrets that it mounts', () => {
    const agent = `extensions: { bearertokenauth: { filename: /run/secrets/token } }
service: { extensions: [bearertokenauth], pipelines: {} }\n`;

    expect(
      found(['file-not-given'], { 'agent.yaml': agent, 'compose.yaml': compose('    secrets: [token]\n') }),
    ).toEqual([]);
    expect(found(['file-not-given'], { 'agent.yaml': agent, 'compose.yaml': compose('') })).toEqual([
      'file-not-given agent.yaml:1',
    ]);
  });
});

describe('a manifest of Kubernetes', () => {
  test('runs the configuration of the ConfigMap that it mounts, and no file of the same name', () => {
    const config = (name: string) => `kind: ConfigMap
metadata: { name: ${name} }
data:
  agent.yaml: |
    processors: { memory_limiter: { limit_mib: 512 } }
    service: { pipelines: { traces: { processors: [memory_limiter] } } }
`;
    const workload = `---
kind: DaemonSet
spec:
  template:
    spec:
      containers:
        - args: ["--config=file:/etc/benchlab/agent.yaml"]
          resources: { limits: { memory: 512Mi } }
      volumes: [{ name: config, projected: { sources: [{ configMap: { name: mine } }] } }]
`;
    const files = { 'agent.yaml': config('other'), 'k8s.yaml': config('mine') + workload };

    expect(found(['limiter-over-container'], files)).toEqual(['limiter-over-container k8s.yaml:5']);
  });
});

describe('a configuration inside another file', () => {
  test('has the lines of that file', () => {
    const map = 'kind: ConfigMap\ndata:\n  agent.yaml: |\n    service:\n      pipelines:\n        traces: {}\n';

    expect(found(['memory-limiter-missing'], { 'map.yaml': map })).toEqual(['memory-limiter-missing map.yaml:6']);
  });

  test.each([
    ['the resource of the operator', 'kind: OpenTelemetryCollector\nspec:\n  config:\n'],
    ['values of Helm', 'mode: daemonset\nx:\nconfig:\n'],
  ])('is found in %s', (_, head) => {
    const text = `${head}    service:\n      pipelines: { traces: {} }\n`;

    expect(found(['memory-limiter-missing'], { 'a.yaml': text })).toEqual(['memory-limiter-missing a.yaml:5']);
  });
});

describe('a file that is not what it should be', () => {
  test('is named when the command line names it, and skipped in a folder', () => {
    const file = { path: 'values.yaml', text: 'a: 1\n' };

    expect(lint(collectorKind, [{ ...file, isNamed: true }])).toMatchObject([{ rule: 'not-a-collector', line: 1 }]);
    expect(lint(collectorKind, [{ ...file, isNamed: false }])).toEqual([]);
  });

  test('is skipped in a folder when it is a template of Helm', () => {
    const text = '{{- if .Values.monitoring.enabled }}\na: {{ .Values.a }}\n{{ end }}\n';

    expect(lint(collectorKind, [{ path: 'a.yaml', text, isNamed: false }])).toEqual([]);
    expect(lint(collectorKind, [{ path: 'a.yaml', text, isNamed: true }])).not.toEqual([]);
  });

  test.each([
    'service: { pipelines: [] }',
    'service: { pipelines: { traces: null }, extensions: 3 }',
    'service: { pipelines: { traces: { receivers: otlp, processors: { a: 1 }, exporters: [null, [1], { a: 1 }] } } }',
    'receivers: 3\nprocessors: [a]\nexporters: null\nservice: { pipelines: { traces: [] } }',
    'receivers: { otlp: [1] }\nexporters: { otlp_grpc: text }\nservice: { telemetry: 3, pipelines: { traces: { receivers: [otlp], exporters: [otlp_grpc] } } }',
    'receivers: { otlp: { protocols: { grpc: { endpoint: ":::::" } } } }\nservice: { pipelines: { traces: { receivers: [otlp] } } }',
    'connectors: { forward: {} }\nservice: { pipelines: { traces: { receivers: [forward], exporters: [forward] } } }',
    'kind: Deployment\nspec: { template: 3 }',
    'kind: ConfigMap\ndata: { a.yaml: "service:\\n  pipelines:\\n\\t x" }',
    'services: { a: { command: [--config], ports: [x, {}], volumes: [{}], environment: [a, 3] } }',
  ])('has findings and never an exception: %s', (text) => {
    expect(() => lint(collectorKind, [{ path: 'a.yaml', text, isNamed: true }])).not.toThrow();
  });
});

test('no finding holds a secret', () => {
  const text = `extensions: { bearertokenauth: { token: s3cr3t } }
exporters: { otlp_http: { endpoint: "http://user:s3cr3t@store", headers: { authorization: s3cr3t } } }
service: { extensions: [bearertokenauth], pipelines: { traces: { receivers: [otlp], exporters: [otlp_http] } } }\n`;

  const findings = lint(collectorKind, [{ path: 'a.yaml', text, isNamed: true }]);

  expect(findings.map(({ rule }) => rule)).toContain('secret-in-text');
  expect(JSON.stringify(findings)).not.toContain('s3cr3t');
});
