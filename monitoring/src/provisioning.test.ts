import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { definitions } from './dashboards.ts';

const grafana = new URL('../grafana/', import.meta.url);
const text = (path: string) => readFileSync(new URL(path, grafana), 'utf8');
const parsed = <T>(path: string) => parse(text(path)) as T;

interface Provider {
  readonly name: string;
  readonly folder: string;
  readonly folderUid: string;
  readonly disableDeletion: boolean;
  readonly allowUiUpdates: boolean;
  readonly options: { readonly path: string };
}
interface Source {
  readonly name: string;
  readonly uid: string;
  readonly basicAuth?: boolean;
  readonly basicAuthUser?: string;
  readonly secureJsonData?: Readonly<Record<string, string>>;
  readonly jsonData: Readonly<Record<string, unknown>>;
}

const { providers } = parsed<{ providers: readonly Provider[] }>('provisioning/dashboards/benchlab.yaml');
const { datasources } = parsed<{ datasources: readonly Source[] }>('provisioning/datasources/benchlab.yaml');

test('every folder of dashboards has a provider, and every provider a folder of files', () => {
  const folders = [...new Set(definitions.map(({ folder }) => folder))];

  expect(providers.map(({ folder }) => folder)).toEqual(expect.arrayContaining(folders));
  for (const { folder, options } of providers) {
    if (!folders.some((each) => each === folder) && folder !== 'Saved') continue;
    expect(options.path).toBe(`/var/lib/grafana/dashboards/${folder.toLowerCase()}`);
    expect(existsSync(new URL(`dashboards/${folder.toLowerCase()}/`, grafana)), folder).toBe(true);
  }
});

test('no two providers share a name, a folder or a path: Grafana would delete the dashboards of one of them', () => {
  for (const key of [
    (each: Provider) => each.name,
    (each: Provider) => each.folderUid,
    (each: Provider) => each.options.path,
  ]) {
    expect(new Set(providers.map(key)).size).toBe(providers.length);
  }
});

test('provider and folder Sidepanel are those of its document', () => {
  expect(providers.find(({ name }) => name === 'Sidepanel')).toMatchObject({
    folder: 'Sidepanel',
    options: { path: '/var/lib/grafana/dashboards/sidepanel' },
  });
});

test('only what is in Saved can be changed in the browser', () => {
  expect(providers.filter(({ allowUiUpdates }) => allowUiUpdates).map(({ name }) => name)).toEqual(['Saved']);
  expect(providers.filter(({ disableDeletion }) => !disableDeletion).map(({ name }) => name)).toEqual(['Saved']);
});

test('grafana-permissions.sh names each folder in one list', () => {
  const lists = [...text('grafana-permissions.sh').matchAll(/^(?:viewer|editor|admin)=(\S+)$/gm)].flatMap(
    ([, uids = '']) => uids.split(','),
  );

  expect(lists.sort()).toEqual(providers.map(({ folderUid }) => folderUid).sort());
});

test('links between data sources lead to data sources that are there', () => {
  const uids = datasources.map(({ uid }) => uid);
  const linked = [
    ...text('provisioning/datasources/benchlab.yaml').matchAll(/(?:datasourceUid|alertmanagerUid): ([\w-]+)/g),
  ].map(([, uid]) => uid);

  expect(linked.length).toBeGreaterThan(3);
  expect(uids).toEqual(expect.arrayContaining(linked));
});

test('the file with passwords has the same data sources, and each password comes from a file', () => {
  const withPasswords = parsed<{ datasources: readonly Source[] }>(
    'provisioning-with-passwords/datasources/benchlab.yaml',
  );

  const withoutPasswords = withPasswords.datasources.map(
    ({ basicAuth: _1, basicAuthUser: _2, secureJsonData: _3, ...rest }) => rest,
  );
  expect(withoutPasswords).toEqual(datasources);
  for (const { name, basicAuth, secureJsonData = {} } of withPasswords.datasources) {
    expect(basicAuth, name).toBe(true);
    expect(Object.values(secureJsonData)).toEqual([
      expect.stringMatching(/^\$__file\{\/run\/secrets\/datasources\/\w+-password\}$/),
    ]);
  }
});

test('no file of provisioning has a secret in it', () => {
  const files = readdirSync(grafana, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));

  expect(files.length).toBe(3);
  for (const file of files)
    expect(text(file).replace(/^ *#.*$/gm, '')).not.toMatch(/(password|token|secret)\w*:\s*(?!\s|\$__file)[^\s{]/i);
});
