// scripts/pin-images.mjs against a registry of its own: an HTTP server that speaks the API of the distribution specification.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/pin-images.mjs', import.meta.url));
const manifest = '{"schemaVersion":2,"manifests":[]}';
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

interface Behaviour {
  readonly needsToken?: boolean;
  readonly stated?: string;
}

/** A registry with one image, team/tool:1.2.3. `asked` are the requests as they came. */
async function registry({ needsToken = false, stated = digest }: Behaviour = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
    if (request.url?.startsWith('/token')) {
      response.end('{"token":"for-everyone"}');
    } else if (needsToken && request.headers.authorization !== 'Bearer for-everyone') {
      const challenge = `Bearer realm="http://${host}/token",service="registry",scope="repository:team/tool:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    } else if (request.url === '/v2/team/tool/manifests/1.2.3') {
      response.writeHead(200, { 'docker-content-digest': stated }).end(manifest);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Runs the script over a list; `file` is the list afterwards. */
async function pin(list: string, host: string, ...args: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-images-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'images.env');
  await writeFile(file, list);
  const all = [script, '--file', file, '--plain-http', host, ...args];
  const result = await new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(process.execPath, all, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
  return { ...result, file: await readFile(file, 'utf8') };
}

it('writes the digest of what the registry sends next to the tag, and nothing else', async () => {
  const { host } = await registry();
  const list = `# Where it was read.\nTOOL=${host}/team/tool:1.2.3\nOURS=benchlab/probe:0.1.0\n`;

  const { code, file } = await pin(list, host, '--write');

  expect(code).toBe(0);
  expect(file).toBe(list.replace('tool:1.2.3', `tool:1.2.3@${digest}`));
});

it('gets a token for everyone where the registry asks for one', async () => {
  const { host, asked } = await registry({ needsToken: true });

  const { code, out } = await pin(`TOOL=${host}/team/tool:1.2.3\n`, host);

  expect([code, out]).toEqual([0, `TOOL ${host}/team/tool:1.2.3 ${digest}\n`]);
  expect(asked[1]).toBe('/token?service=registry&scope=repository%3Ateam%2Ftool%3Apull');
  expect(asked[2]).toBe('/v2/team/tool/manifests/1.2.3 Bearer for-everyone');
});

it('does not change the file without --write, nor where the digest is right already', async () => {
  const { host } = await registry();
  const bare = `TOOL=${host}/team/tool:1.2.3\n`;
  const pinned = `TOOL=${host}/team/tool:1.2.3@${digest}\n`;

  expect((await pin(bare, host)).file).toBe(bare);
  expect(await pin(pinned, host, '--write')).toMatchObject({ code: 0, file: pinned });
});

it('refuses a tag that has moved, and keeps the digest that is there', async () => {
  const { host } = await registry();
  const old = `TOOL=${host}/team/tool:1.2.3@sha256:${'0'.repeat(64)}\n`;

  const { code, err, file } = await pin(old, host, '--write');

  expect([code, file]).toEqual([1, old]);
  expect(err).toContain(`the tag is ${digest} now`);
});

it.each([
  ['a registry that does not have the image', 'team/other:1.2.3', 'the registry answered 404'],
  ['an image without a tag', 'team/tool', 'not an image with a tag'],
])('leaves %s as it is, and states why', async (_name, image, message) => {
  const { host } = await registry();
  const list = `TOOL=${host}/${image}\n`;

  const { code, err, file } = await pin(list, host, '--write');

  expect([code, file]).toEqual([1, list]);
  expect(err).toContain(message);
});

it('does not take a digest that is not the one of the bytes', async () => {
  const { host } = await registry({ stated: `sha256:${'1'.repeat(64)}` });
  const list = `TOOL=${host}/team/tool:1.2.3\n`;

  const { code, file } = await pin(list, host, '--write');

  expect([code, file]).toEqual([1, list]);
});

it('states that a registry does not answer', async () => {
  const list = 'TOOL=127.0.0.1:1/team/tool:1.2.3\n';

  const { code, err, file } = await pin(list, '127.0.0.1:1', '--write');

  expect([code, file]).toEqual([1, list]);
  expect(err).toContain('the registry did not answer');
});
