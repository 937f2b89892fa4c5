// Artifacts in a bucket of a real server.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactStore, s3Artifacts } from '@benchlab-otel/enrichers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts, type RunningServer, startServer } from '../stack/process.ts';
import { record } from './record.ts';

const bucket = 'bench';
const secret = randomUUID();
const user = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: secret };
const before = { ...process.env };
let data: string;
let port = 0;
let server: RunningServer | undefined;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'benchlab-s3-'));
  mkdirSync(join(data, 'buckets', bucket), { recursive: true });
  [port = 0] = await freePorts(1);
  Object.assign(process.env, user);
  server = await start();
});
afterAll(async () => {
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
  for (const name of Object.keys(user)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
});

/** Its metadata are in a folder: not every file system has extended attributes. */
function start(): Promise<RunningServer> {
  mkdirSync(join(data, 'meta'), { recursive: true });
  return startServer({
    program: 'versitygw',
    args: () => [
      '--quiet',
      '--port',
      `127.0.0.1:${port}`,
      '--health',
      '/health',
      'posix',
      '--sidecar',
      join(data, 'meta'),
      join(data, 'buckets'),
    ],
    env: () => ({ ROOT_ACCESS_KEY: user.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: secret }),
    readyUrl: `http://127.0.0.1:${port}/health`,
  });
}

const place = (more: object = {}) => s3Artifacts({ bucket, endpoint: `http://127.0.0.1:${port}`, ...more });
const store = (more: object = {}) => artifactStore({ place: place({ timeoutMs: 5_000 }), ...more });
const fileOf = (sha256: string) => join(data, 'buckets', bucket, 'artifacts', sha256);

test('an artifact is stored once, comes back, and is refused when a byte of it differs', async () => {
  const artifacts = store();
  const first = await artifacts.keep('stdout', 'built, with password=hunter2-long\n');
  expect(first).toMatchObject({ isKnown: false });
  expect(await store().keep('stdout', 'built, with password=hunter2-long\n')).toMatchObject({ isKnown: true });
  const sha256 = first?.sha256 ?? '';
  expect((await artifacts.get(sha256)).toString()).toBe('built, with [masked]\n');
  expect(readFileSync(fileOf(sha256), 'utf8')).toBe('built, with [masked]\n');
  writeFileSync(fileOf(sha256), 'built, with [MASKED]\n');
  await expect(artifacts.get(sha256)).rejects.toThrow('is damaged');
  await expect(artifacts.get('a'.repeat(64))).rejects.toThrow('is not in s3://bench/artifacts/');
});

test('64 MiB pass, with a checksum that the server compares', async () => {
  const artifacts = store({ masks: [] });
  const started = performance.now();
  const kept = await artifacts.keep('binary', Buffer.alloc(64 * 2 ** 20, 'benchlab'));
  const seconds = (performance.now() - started) / 1_000;
  expect(kept).toMatchObject({ sizeBytes: 64 * 2 ** 20, isCut: false });
  let sizeBytes = 0;
  for await (const bytes of artifacts.read(kept?.sha256 ?? '')) sizeBytes += bytes.length;
  expect(sizeBytes).toBe(64 * 2 ** 20);
  record({ '64 MiB stored in': `${seconds.toFixed(2)} s` });
});

test('what is held outlives quota and age; more objects than a page of the list are pruned', async () => {
  const own = () => artifactStore({ place: place({ prefix: 'held/' }), maxAgeDays: 0, quotaBytes: 1_000_000 });
  const artifacts = own();
  const held = (await artifacts.keep('report', 'no fault'))?.sha256 ?? '';
  const hold = await artifacts.hold(held, { until: '2099-01-01', reason: 'audit 7' });
  for (let k = 0; k < 1_100; k += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, more) => artifacts.keep('x', `object ${k + more}`)));
  }
  expect(await artifacts.holds()).toEqual([hold]);
  const { removed, leftObjects } = await own().prune();
  expect([removed.length > 1_000, leftObjects]).toEqual([true, 1]);
  expect((await artifacts.get(held)).toString()).toBe('no fault');
  expect(await artifacts.release(held, { reason: 'over' })).toBe(true);
  expect((await own().prune()).leftObjects).toBe(0);
  const log = readdirSync(join(data, 'buckets', bucket, 'held/log')).sort();
  const actions = log.map(
    (name) => JSON.parse(readFileSync(join(data, 'buckets', bucket, 'held/log', name), 'utf8')).action,
  );
  expect(actions).toEqual(['hold', 'release']);
  record({ 'objects pruned': removed.length });
});

test('while the server is gone artifacts are counted as failed, and the first after its return is stored', async () => {
  const artifacts = store();
  await artifacts.keep('before', 'before');
  await server?.kill();
  const started = performance.now();
  expect(await artifacts.keep('gone', 'gone')).toBeUndefined();
  const seconds = (performance.now() - started) / 1_000;
  server = await start();
  expect(await artifacts.keep('back', 'back')).toMatchObject({ isKnown: false });
  expect(artifacts.counts?.().filter(({ value }) => value > 0)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ value: 1, attributes: { 'benchlab.artifact.outcome': 'failed' } }),
      expect.objectContaining({ value: 2, attributes: { 'benchlab.artifact.outcome': 'stored' } }),
    ]),
  );
  expect(seconds).toBeLessThan(20);
  record({ 'failed while the server was gone, after': `${seconds.toFixed(2)} s` });
});

test('credentials that are wrong are a failure that is reported without them', async () => {
  process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
  await expect(store().get('a'.repeat(64))).rejects.toThrow(/SignatureDoesNotMatch|403/);
  process.env.AWS_SECRET_ACCESS_KEY = secret;
});
