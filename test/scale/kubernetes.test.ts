import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRepository, run } from '../stack/deploy/checks.ts';
import { helmProfiles } from '../stack/deploy/profiles.ts';
import { installed } from '../stack/process.ts';
import { type KubernetesApi, startKubernetesApi } from './kubernetesApi.ts';
import { record } from './record.ts';

// Unknown fields fail, and so does every warning: Pod Security only warns of workloads, and old versions of an API do too.
const strictly = ['--server-side', '--validate=strict', '--warnings-as-errors'];
const manifests = inRepository('collector-config/k8s');
const namespaces = ['bitnet-monitoring', 'bitnet-monitoring-host', 'other'];

let api: KubernetesApi;
beforeAll(async () => {
  api = await startKubernetesApi();
});
afterAll(() => api?.stop());

const applied = (output: string) => output.split('\n').filter((line) => / serverside-applied$/.test(line)).length;

test('the API server is the one of the list', async () => {
  expect(await api.kubectl(['version', '--output=json'])).toContain('"gitVersion": "v1.34.4"');
});

test('a workload that is not restricted is refused: its warning is an error', async () => {
  const pod = { containers: [{ name: 'a', image: 'a:1' }] };
  const labels = { app: 'a' };
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'strict', labels: { 'pod-security.kubernetes.io/warn': 'restricted' } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'a', namespace: 'strict' },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    },
  ];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });

  await expect(api.kubectl(['apply', ...strictly, '-f', '-'], list)).rejects.toThrow(/violate PodSecurity/);
});

test.each(readdirSync(manifests))('the folder k8s/%s is applied without a warning, twice', async (folder) => {
  const first = await api.kubectl(['apply', ...strictly, '-f', `${manifests}/${folder}`]);
  const second = await api.kubectl(['apply', ...strictly, '-f', `${manifests}/${folder}`]);

  expect(applied(first)).toBeGreaterThan(0);
  expect(applied(second)).toBe(applied(first));
  record({ [`k8s/${folder}`]: `${applied(first)} objects` });
});

test.each(helmProfiles.map((values) => ({ values })))(
  'the chart with $values is applied without a warning',
  async ({ values }) => {
    await emptied();
    // Where the chart does not make its namespaces, the person who installs it does.
    if (values.includes('monitoring.createNamespace=false')) {
      for (const name of namespaces) await api.kubectl(['create', 'namespace', name]).catch(() => undefined);
    }
    const args = ['template', 'any', inRepository('collector-config/helm/benchlab')];
    const set = values.flatMap((value) => ['--set', value]);
    const { stdout } = await run(installed('helm'), [...args, ...set], { maxBuffer: 64 * 1024 * 1024 });

    const output = await api.kubectl(['apply', ...strictly, '-f', '-'], stdout);

    expect(applied(output)).toBeGreaterThan(10);
    record({ [`helm ${values.join(' ')}`]: `${applied(output)} objects` });
  },
);

/** Without what another profile left. No controller removes namespaces here: what is in them goes. */
async function emptied(): Promise<void> {
  const kinds = 'daemonsets,deployments,statefulsets,services,configmaps,networkpolicies,poddisruptionbudgets';
  for (const namespace of namespaces) {
    await api.kubectl(['delete', kinds, '--all', '--namespace', namespace, '--wait=false']).catch(() => undefined);
  }
}
