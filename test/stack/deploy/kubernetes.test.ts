// The chart, and the manifests that it makes: checked without a cluster and without a network.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { kubernetesSchemas, kubernetesVersions } from '../../../scripts/stack-parts.mjs';
import { installed } from '../process.ts';
import { images, inRepository, run } from './checks.ts';
import { helmProfiles } from './profiles.ts';

const chart = inRepository('collector-config/helm/benchlab');
const manifests = inRepository('collector-config/k8s');

interface Container {
  readonly name: string;
  readonly image: string;
  readonly securityContext?: Record<string, unknown>;
  readonly resources?: { readonly limits?: object };
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly args?: readonly string[];
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly securityContext?: Record<string, unknown>;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly volumes?: readonly Record<string, unknown>[];
}

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string> };
  readonly data?: Record<string, string>;
  readonly spec: {
    readonly replicas?: number;
    readonly template?: { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: PodSpec };
    readonly podSelector?: { readonly matchLabels?: Record<string, string> };
    readonly selector?: Record<string, string> & { readonly matchLabels?: Record<string, string> };
    readonly ports?: readonly { readonly port: number; readonly targetPort: string }[];
    readonly ingress?: readonly { readonly from?: unknown; readonly ports?: readonly { readonly port: number }[] }[];
  };
}

const helm = (...args: readonly string[]) => run(installed('helm'), args, { maxBuffer: 64 * 1024 * 1024 });
const set = (...values: readonly string[]) => values.flatMap((value) => ['--set', value]);

async function rendered(...values: readonly string[]): Promise<readonly KubernetesObject[]> {
  const { stdout } = await helm('template', 'any', chart, ...set(...values));
  return objects(stdout);
}

function objects(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJSON() as KubernetesObject | null) // null for a document of comments
    .filter((object) => object !== null);
}

async function shipped(): Promise<ReadonlyMap<string, readonly KubernetesObject[]>> {
  const found = new Map<string, readonly KubernetesObject[]>();
  for (const folder of await readdir(manifests)) {
    const files = (await readdir(join(manifests, folder))).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(manifests, folder, file), 'utf8')));
    found.set(folder, texts.flatMap(objects));
  }
  return found;
}

const name = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
const app = (labels: Record<string, string> = {}) => labels['app.kubernetes.io/name'];

test('the shipped manifests are what the chart makes, and the configurations of Prometheus those of the bench', async () => {
  const { stdout } = await run(process.execPath, [inRepository('scripts/render-deploy.mjs'), '--check']);

  expect(stdout).toMatch(/^\d+ files\.\n$/);
});

test.each(kubernetesVersions)(
  'Kubernetes %s accepts every manifest, with no field that it does not know',
  async (version) => {
    const args = ['-strict', '-summary', '-output', 'json', '-schema-location', kubernetesSchemas(version), manifests];
    const { stdout } = await run(installed('kubeconform'), args);
    const { summary } = JSON.parse(stdout);

    expect(summary).toMatchObject({ invalid: 0, errors: 0, skipped: 0 });
    expect(summary.valid).toBeGreaterThan(40);
  },
);

test('kubeconform refuses a manifest with a wrong field, and names it', async () => {
  const args = ['-strict', '-schema-location', kubernetesSchemas(kubernetesVersions[0] ?? ''), '-'];
  const broken = 'apiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec: { prots: [] }\n';
  const child = run(installed('kubeconform'), args);
  child.child.stdin?.end(broken);

  await expect(child).rejects.toMatchObject({ stdout: expect.stringContaining('prots') });
});

test.each(helmProfiles.map((values) => [values] as const))(
  'the chart with %j has no finding of helm lint and of kubeconform',
  async (values) => {
    await expect(helm('lint', '--strict', chart, ...set(...values))).resolves.toMatchObject({
      stdout: expect.stringContaining('0 chart(s) failed'),
    });
    const { stdout } = await helm('template', 'any', chart, ...set(...values));
    const checked = run(installed('kubeconform'), [
      ...['-strict', '-summary', '-schema-location', kubernetesSchemas(kubernetesVersions.at(-1) ?? ''), '-'],
    ]);
    checked.child.stdin?.end(stdout);
    expect((await checked).stdout).toMatch(/Valid: [1-9]\d*, Invalid: 0, Errors: 0/);
  },
);

test('the chart makes nothing until monitoring.enabled is true', async () => {
  expect(await rendered()).toEqual([]);
  expect((await rendered('monitoring.enabled=true')).length).toBeGreaterThan(30);
});

test.each([
  ['monitoring.enabled=maybe', 'enabled'],
  ['monitoring.grafana.password=admin', 'password'],
  ['monitoring.prometheus.retention=forever', 'retention'],
  ['monitoring.alertmanager.replicas=0', 'replicas'],
  ['monitoring.gateway.tracesEndpoint=http://tempo:4317', 'tracesEndpoint'],
  ['other=1', 'other'],
])('the schema of the values refuses %s, and names it', async (value, message) => {
  await expect(helm('template', 'any', chart, ...set('monitoring.enabled=true', value))).rejects.toMatchObject({
    stderr: expect.stringContaining(message),
  });
});

test('each folder can be applied as it stands: it has the namespace of its objects, and what its pods mount', async () => {
  for (const [folder, all] of await shipped()) {
    const namespaces = all.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
    for (const { kind, metadata } of all) {
      if (kind !== 'Namespace') expect(namespaces, `${folder} ${metadata.name}`).toContain(metadata.namespace);
    }
    const maps = all.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);
    for (const { spec } of all) {
      const mounted = [
        ...JSON.stringify(spec?.template?.spec.volumes ?? []).matchAll(
          /"configMap":\{(?:"items":.*?,)?"name":"([^"]+)"/g,
        ),
      ];
      for (const [, map] of mounted) expect(maps, folder).toContain(map);
    }
  }
});

test('the namespaces have the names of the documents, and pods of the first are restricted', async () => {
  const all = [...(await shipped()).values()].flat();
  const standard = new Map(
    all
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ metadata }) => [metadata.name, metadata.labels?.['pod-security.kubernetes.io/enforce']]),
  );

  expect(Object.fromEntries(standard)).toEqual({
    'bitnet-monitoring': 'restricted',
    'bitnet-monitoring-host': 'privileged',
  });
});

test('every pod of the restricted namespace meets the restricted Pod Security Standard, with a read-only root', async () => {
  const pods = [...(await shipped()).values()]
    .flat()
    .filter(({ metadata, spec }) => metadata.namespace === 'bitnet-monitoring' && spec?.template);

  expect(pods.length).toBeGreaterThan(5);
  for (const object of pods) {
    const spec = object.spec.template?.spec;
    expect({ of: name(object), ...spec }).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(spec?.hostNetwork ?? false).toBe(false);
    for (const volume of spec?.volumes ?? []) expect(Object.keys(volume), name(object)).not.toContain('hostPath');
    for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) {
      expect({ ...container, of: name(object) }).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: { limits: { memory: expect.any(String) } },
      });
    }
  }
});

test('no container adds a capability or is privileged, also not those that look at the node', async () => {
  for (const { spec } of [...(await shipped()).values()].flat()) {
    for (const { securityContext } of spec?.template?.spec.containers ?? []) {
      expect(JSON.stringify(securityContext)).not.toMatch(/"add"|"privileged":true/);
    }
  }
});

test('every image is one of deploy/images.env', async () => {
  const known = new Set(Object.values(await images()));
  const used = [...(await shipped()).values()].flat().flatMap(({ spec }) => spec?.template?.spec.containers ?? []);

  expect(used.length).toBeGreaterThan(8);
  for (const { image } of used) expect(known).toContain(image);
});

test('the namespace denies every connection, and each port that a policy opens is one that its pods listen on', async () => {
  const all = [...(await shipped()).values()].flat();
  const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
  const deny = policies.find(({ metadata }) => metadata.name === 'default-deny');
  expect(deny?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });

  const pods = all.filter(({ spec }) => spec?.template);
  for (const { metadata, spec } of policies) {
    const wanted = app(spec.podSelector?.matchLabels);
    if (wanted === undefined) continue;
    const pod = pods.find(({ spec: { template } }) => app(template?.metadata.labels) === wanted);
    const listening = (pod?.spec.template?.spec.containers ?? []).flatMap(({ ports = [] }) =>
      ports.map(({ containerPort }) => containerPort),
    );
    for (const { ports = [] } of spec.ingress ?? []) {
      for (const { port } of ports) expect(listening, `${metadata.name} ${port}`).toContain(port);
    }
  }
  // Each kind of pod of the stack has a policy of its own; the example is the application's.
  const restricted = pods.filter(({ metadata }) => metadata.namespace === 'bitnet-monitoring');
  for (const { metadata, spec } of restricted) {
    if (metadata.name === 'events-example') continue;
    const covered = policies.map(({ spec: { podSelector } }) => app(podSelector?.matchLabels));
    expect(covered, metadata.name).toContain(app(spec.template?.metadata.labels));
  }
});

test('every StatefulSet and DaemonSet of the stack has a disruption budget that matches its pods', async () => {
  const all = [...(await shipped()).values()].flat();
  const budgets = all
    .filter(({ kind }) => kind === 'PodDisruptionBudget')
    .map(({ spec }) => app(spec.selector?.matchLabels));
  const sets = all.filter(({ kind, metadata }) => /Set$/.test(kind) && metadata.namespace === 'bitnet-monitoring');

  expect(sets.length).toBeGreaterThan(3);
  for (const { spec } of sets) expect(budgets).toContain(app(spec.template?.metadata.labels));
});

test('every port of a service leads to a port of its pods', async () => {
  const all = [...(await shipped()).values()].flat();
  for (const { kind, metadata, spec } of all) {
    if (kind !== 'Service') continue;
    const pod = all.find(({ spec: other }) => app(other?.template?.metadata.labels) === app(spec.selector));
    const ports = (pod?.spec.template?.spec.containers ?? []).flatMap(({ ports = [] }) =>
      ports.map(({ name }) => name),
    );
    for (const { targetPort } of spec.ports ?? []) expect(ports, metadata.name).toContain(targetPort);
  }
});

test("Prometheus accepts the chart's targets, with the settings of the bench's own file, and its rules", async () => {
  const config = (await shipped())
    .get('prometheus')
    ?.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'prometheus');
  const text = config?.data?.['prometheus.yml'] ?? '';
  const bench = parse(await readFile(inRepository('collector-config/prometheus/prometheus.yml'), 'utf8'), {
    merge: true,
  });
  const own = parse(text);
  for (const block of ['global', 'otlp', 'storage', 'rule_files']) expect(own[block]).toEqual(bench[block]);

  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const scratch = await mkdtemp('/tmp/benchlab-k8s-');
  try {
    await writeFile(join(scratch, 'prometheus.yml'), text);
    const args = ['check', 'config', '--syntax-only', join(scratch, 'prometheus.yml')];
    expect((await run(installed('promtool'), args)).stdout).toContain('SUCCESS');
  } finally {
    await rm(scratch, { recursive: true });
  }
});

test('the collectors accept their configuration with the environment of their pods', async () => {
  const all = [...(await shipped()).values()].flat();
  for (const [set, file] of [
    ['collector-agent', 'agent.yaml'],
    ['collector-gateway', 'gateway.yaml'],
  ] as const) {
    const text = all.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === set)?.data?.[file] ?? '';
    const container = all.find(({ kind, metadata }) => /Set$/.test(kind) && metadata.name === set)?.spec.template?.spec
      .containers[0] as Container & { readonly env: readonly { readonly name: string; readonly value?: string }[] };
    const env = Object.fromEntries(container.env.map(({ name, value = 'pod-0' }) => [name, value]));
    // A variable that the file does not read would be a setting without effect.
    for (const { name } of container.env) {
      if (name !== 'GOMEMLIMIT') expect(text, `${set} ${name}`).toContain(`env:${name}`);
    }
    const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
    const scratch = await mkdtemp('/tmp/benchlab-k8s-');
    try {
      await writeFile(join(scratch, file), text);
      // The pod has its certificates there; here they are not.
      const files = ['ca.crt', 'tls.crt', 'tls.key', 'tokens', 'upstream-authorization'];
      for (const each of files) await writeFile(join(scratch, each), 'Bearer x\n');
      const here = Object.fromEntries(
        Object.entries(env).map(([key, value]) => [
          key,
          value.replace('/etc/benchlab/secrets', scratch).replace('/var/lib', scratch),
        ]),
      );
      const args = ['validate', `--config=file:${join(scratch, file)}`];
      const valid = run(installed('benchlab-otelcol'), args, { env: { PATH: process.env.PATH, ...here } });
      await expect(valid).resolves.toMatchObject({ stdout: '', stderr: '' });
    } finally {
      await rm(scratch, { recursive: true });
    }
  }
});

test('the sidecar serves the events of its pod, from a folder to which all may write', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-pod-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await chmod(folder, 0o777); // an emptyDir
  const [deployment] = (await shipped()).get('sidecar')?.filter(({ kind }) => kind === 'Deployment') ?? [];
  const args = deployment?.spec.template?.spec.initContainers?.[0]?.args ?? [];
  const here = args.map((arg) => arg.replace('/run/events', folder).replace(/:8082$/, ':0'));
  const program = inRepository('packages/probe-cli/bin/benchlab-probe.mjs');
  const sidecar = spawn(process.execPath, [program, ...here], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void sidecar.kill('SIGKILL'));
  let text = '';
  sidecar.stderr.setEncoding('utf8').on('data', (part) => (text += part));
  const port = await vi.waitFor(() => Number(/tcp:127\.0\.0\.1:(\d+)/.exec(text)?.[1] ?? expect.fail(text)), 60_000);

  const reader = connect(port, '127.0.0.1');
  onTestFinished(() => void reader.destroy());
  await once(reader, 'connect');
  await appendFile(join(folder, 'events.jsonl'), '{"event":"launch"}\n');

  const [line] = await once(reader, 'data');
  expect(String(line)).toBe('{"event":"launch"}\n');
});
