import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemProgram } from '../../../scripts/stack-system.mjs';
import { inRepository, run } from './checks.ts';
import { startGrafanaFolders } from './grafanaFolders.ts';

const script = inRepository('monitoring/grafana/grafana-permissions.sh');
const uids = ['bench', 'runtime', 'services', 'sidepanel', 'telemetry', 'saved'].map((name) => `benchlab-${name}`);
const token = 'glsa_a"b\\c';

async function secretFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-permissions-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'secret');
  await writeFile(file, text);
  return file;
}

async function grafana(authorization = `Bearer ${token}`) {
  systemProgram('curl');
  systemProgram('jq');
  const server = await startGrafanaFolders(authorization, uids);
  onTestFinished(() => server.stop());
  return server;
}

async function permissions(...args: readonly string[]) {
  const ended = await run('sh', [script, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code: ended.code, stderr: ended.stderr, lines: ended.stdout.split('\n').slice(0, -1) };
}

test('folders get the permissions of their list, and a second run changes nothing', async () => {
  const server = await grafana();
  const args = ['--url', `${server.url}/`, '--token-file', await secretFile(`${token}\n`)];

  const first = await permissions(...args);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    ...['bench', 'runtime', 'services', 'sidepanel'].map((name) => `changed benchlab-${name}`),
    // Grafana's own first permissions are those of this list.
    'unchanged benchlab-saved',
    'changed benchlab-telemetry',
  ]);
  expect(server.folders.get('benchlab-bench')).toEqual([
    { role: 'Admin', permission: 4 },
    { role: 'Viewer', permission: 1 },
    { role: 'Editor', permission: 1 },
  ]);
  expect(server.folders.get('benchlab-telemetry')).toEqual([{ role: 'Admin', permission: 4 }]);

  server.asked.length = 0;
  const second = await permissions(...args);
  expect(second.lines.every((line) => line.startsWith('unchanged '))).toBe(true);
  expect(server.asked.filter((each) => each.startsWith('POST'))).toEqual([]);
});

test('--dry-run states what it would change and asks for nothing else', async () => {
  const server = await grafana();

  const { code, lines } = await permissions('--url', server.url, '--token-file', await secretFile(token), '--dry-run');

  expect(code).toBe(0);
  expect(lines[0]).toBe(
    'would change benchlab-bench from [{"permission":2,"role":"Editor"},{"permission":1,"role":"Viewer"}] to [{"permission":1,"role":"Editor"},{"permission":1,"role":"Viewer"}]',
  );
  expect(server.asked.every((each) => each.startsWith('GET'))).toBe(true);
});

test('the permission of a person is removed, and what a folder inherits is left', async () => {
  const server = await grafana();
  server.folders.set('benchlab-saved', [
    { role: 'Viewer', permission: 1 },
    { role: 'Editor', permission: 2 },
    { userLogin: 'ada', permission: 4 },
    { role: 'Editor', permission: 1, inherited: true },
  ]);

  const { lines } = await permissions(
    ...['--url', server.url, '--token-file', await secretFile(token)],
    ...['--viewer', '', '--admin', ''],
  );

  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('changed benchlab-saved from [{"permission":4,"person":"ada"}');
  expect(server.folders.get('benchlab-saved')).not.toContainEqual(expect.objectContaining({ userLogin: 'ada' }));
});

test('an administrator with a password can set them too', async () => {
  const server = await grafana(`Basic ${Buffer.from('admin:correct horse').toString('base64')}`);

  const { code, stderr } = await permissions(
    ...['--url', server.url, '--user', 'admin', '--password-file', await secretFile('correct horse\n')],
  );

  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('a wrong token, a folder that is not there and a server that is away end with 1 and the reason, without the secret', async () => {
  const server = await grafana();
  const wrong = await permissions('--url', server.url, '--token-file', await secretFile('glsa_wrong'));
  expect(wrong).toMatchObject({ code: 1, lines: [] });
  expect(wrong.stderr).toContain('GET of the permissions of the folder benchlab-bench: 401 Unauthorized.');
  expect(wrong.stderr).not.toContain('glsa');

  server.folders.delete('benchlab-services');
  const missing = await permissions('--url', server.url, '--token-file', await secretFile(token));
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('404 folder not found. The folder is there once Grafana has read');

  const away = await permissions('--url', 'http://127.0.0.1:1', '--token-file', await secretFile(token));
  expect(away.code).toBe(1);
  expect(away.stderr).toContain('Grafana at http://127.0.0.1:1 does not answer.');
});

test.each([
  [[], '--url is missing'],
  [['--url', 'ftp://grafana'], 'not an http or https address'],
  [['--url', 'http://g'], '--token-file or --user is missing'],
  [['--url', 'http://g', '--user', 'admin'], '--password-file is missing'],
  [['--url', 'http://g', '--user', 'a:b', '--password-file', '/dev/null'], 'no login here has'],
  [['--url', 'http://g', '--token-file', '/nowhere'], '/nowhere cannot be read'],
  [['--url', 'http://g', '--token-file', '/dev/null'], '/dev/null is empty'],
  [['--url', 'http://g', '--token-file', script, '--user', 'a'], 'Name a token or a user, not both'],
  [['--url', 'http://g', '--token-file', script, '--viewer', 'a/b'], 'A uid has letters'],
  [['--url', 'http://g', '--token-file', script, '--viewer', 'a', '--admin', 'a'], 'stands in two lists'],
  [['--url'], '--url needs a value'],
  [['--nothing', 'x'], '--nothing is not understood'],
])('%j is refused: %s', async (args, reason) => {
  const { code, stderr, lines } = await permissions(...args);

  expect({ code, lines }).toEqual({ code: 2, lines: [] });
  expect(stderr).toContain(reason);
});

test('--help shows what it does', async () => {
  const { code, lines } = await permissions('--help');

  expect(code).toBe(0);
  expect(lines.join('\n')).toContain('--dry-run');
});
