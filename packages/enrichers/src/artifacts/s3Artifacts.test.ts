// The faults of servers, on an emulated one in this process. `npm run test:scale -- s3` has a real one.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { artifactStore } from './artifactStore.ts';
import { s3Artifacts } from './s3Artifacts.ts';

/** What an emulated server does instead of its work. */
type Fault = 'checksums' | 'silent' | 'slow body' | 'forbidden' | 'no bucket';

let server: Server;
let objects: Map<string, Buffer>;
let puts: { readonly hasChecksum: boolean }[];
let fault: Fault | undefined;
let scratch: string;

beforeEach(async () => {
  objects = new Map();
  puts = [];
  fault = undefined;
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  scratch = mkdtempSync(join(tmpdir(), 'benchlab-s3-'));
  vi.stubEnv('TMPDIR', scratch);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'emulated');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'emulated');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(scratch, { recursive: true });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const bytes of request) parts.push(bytes as Buffer);
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
  const key = decodeURIComponent(pathname.slice('/bench/'.length));
  const refuse = (status: number, code: string) =>
    response.writeHead(status).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
  if (fault === 'silent') return;
  if (fault === 'forbidden') return void refuse(403, 'AccessDenied');
  if (fault === 'no bucket') return void refuse(404, 'NoSuchBucket');
  const hasChecksum = request.headers['x-amz-checksum-sha256'] !== undefined;
  if (request.method === 'PUT') {
    puts.push({ hasChecksum });
    if (fault === 'checksums' && hasChecksum) return void refuse(501, 'NotImplemented');
    objects.set(key, Buffer.concat(parts));
    response.end();
  } else if (searchParams.has('list-type')) {
    response.end('<?xml version="1.0"?><ListBucketResult></ListBucketResult>');
  } else if (request.method === 'DELETE') {
    objects.delete(key);
    response.writeHead(204).end();
  } else {
    const object = objects.get(key);
    if (object === undefined) return void refuse(404, 'NoSuchKey');
    response.writeHead(200, { 'content-length': object.length, 'last-modified': new Date().toUTCString() });
    if (fault === 'slow body') response.write(object.subarray(0, 1));
    else response.end(request.method === 'HEAD' ? undefined : object);
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const store = (timeoutMs = 20_000) => {
  const { port } = server.address() as AddressInfo;
  return artifactStore({ place: s3Artifacts({ bucket: 'bench', endpoint: `http://127.0.0.1:${port}`, timeoutMs }) });
};

it('an artifact is an object under its hash, stored once, with a checksum that the server compares', async () => {
  const artifacts = store();
  expect(await artifacts.keep('stdout', 'built')).toMatchObject({ sha256: sha256('built'), isKnown: false });
  expect(await artifacts.keep('stdout', 'built')).toMatchObject({ isKnown: true });
  expect([...objects.keys()]).toEqual([`artifacts/${sha256('built')}`]);
  expect(puts).toEqual([{ hasChecksum: true }]);
  expect((await artifacts.get(sha256('built'))).toString()).toBe('built');
  objects.set(`artifacts/${sha256('built')}`, Buffer.from('other'));
  await expect(artifacts.get(sha256('built'))).rejects.toThrow('is damaged');
  await expect(artifacts.get(sha256('absent'))).rejects.toThrow('is not in s3://bench/artifacts/');
});

it('a server that refuses checksums gets the next ones without', async () => {
  fault = 'checksums';
  const artifacts = store();
  expect(await artifacts.keep('stdout', 'one')).toMatchObject({ isKnown: false });
  expect(await artifacts.keep('stdout', 'two')).toMatchObject({ isKnown: false });
  expect(puts.map(({ hasChecksum }) => hasChecksum)).toEqual([true, false, false]);
});

it.each<[Fault, RegExp]>([
  ['silent', /abort|timeout/i],
  ['forbidden', /AccessDenied|403/],
  ['no bucket', /NoSuchBucket|404/],
])(
  'a server that is %s: nothing is stored, no file is left, and the next one is stored when it is well',
  async (kind, why) => {
    fault = kind;
    const artifacts = store(kind === 'silent' ? 100 : 20_000);
    expect(await artifacts.keep('stdout', 'x')).toBeUndefined();
    await expect(artifacts.get(sha256('x'))).rejects.toThrow(why);
    expect(readdirSync(scratch)).toEqual([]);
    fault = undefined;
    expect(await (kind === 'silent' ? store() : artifacts).keep('stdout', 'x')).toMatchObject({ isKnown: false });
  },
);

it('a body that does not end is given up', async () => {
  await store().keep('stdout', 'built');
  fault = 'slow body';
  await expect(store(500).get(sha256('built'))).rejects.toThrow(/(?:the body did not end|no answer) within 500 ms/);
});

it('a hold that is damaged holds, and a hold needs an object that is whole', async () => {
  const artifacts = store();
  await artifacts.keep('report', 'no fault');
  const hash = sha256('no fault');
  await artifacts.hold(hash, { until: '2099-01-01', reason: 'audit' });
  expect([...objects.keys()].some((key) => key.startsWith('artifacts/log/'))).toBe(true);
  objects.set(`artifacts/holds/${hash}.json`, Buffer.from('x'.repeat(70_000)));
  await expect(artifacts.release(hash, { reason: 'over' })).resolves.toBe(true);
  await expect(artifacts.hold(sha256('absent'), { until: '2099-01-01', reason: 'r' })).rejects.toThrow('is not in');
  expect(objects.has(`artifacts/holds/${sha256('absent')}.json`)).toBe(false);
});

it.each<[object, string]>([
  [{}, 'bucket is undefined.'],
  [{ bucket: 'b', prefix: 'x' }, 'prefix is "x". It must be empty, or folders with / at the end'],
  [{ bucket: 'b', prefix: '../' }, 'prefix'],
  [{ bucket: 'b', endpoint: 'localhost:7070' }, 'endpoint is not allowed.'],
  [{ bucket: 'b', endpoint: 'http://user:secret@host' }, 'endpoint is not allowed.'],
  [{ bucket: 'b', timeoutMs: 0 }, 'timeoutMs is 0.'],
  [{ bucket: 'b', credentials: {} }, 'credentials of s3Artifacts is not allowed.'],
])('%# wrong options are refused', (options, message) => {
  expect(() => s3Artifacts(options as never)).toThrow(message);
});
