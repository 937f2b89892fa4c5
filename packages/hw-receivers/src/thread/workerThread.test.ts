import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { compiledEntry, startThread } from './workerThread.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-thread-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program of its own on the compiled package: what Node does with a thread depends on how Node was started. */
async function program(text: string, env: NodeJS.ProcessEnv, ...flags: string[]) {
  const compiled = new URL('../../dist/', import.meta.url).href;
  const args = [...flags, '--input-type=module', '--eval', text.replaceAll('DIST/', compiled)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
  return stdout.trim().split('\n');
}

test('a module that NODE_OPTIONS names runs in no thread of a receiver, so that telemetry in it starts no endless chain of threads', {
  timeout: 30_000,
}, async () => {
  const preload = join(folder, 'preload.mjs');
  const text = "import { isMainThread } from 'node:worker_threads'; console.log('loaded', isMainThread);";
  writeFileSync(preload, text);
  const lines = await program(
    `
      import { startHostWorker } from 'DIST/host/hostWorker.js';
      import { startGpuWorker } from 'DIST/nvml/gpuWorker.js';
      const host = startHostWorker({ sources: ['uptime'], root: undefined });
      const gpu = startGpuWorker({ library: '/there/is/none.so', pcieThroughput: false, processes: false });
      console.log((await host.ask({ kind: 'host', leftOut: [], tried: [] })).problems.length, (await gpu.ask('open')).kind);
      await Promise.all([host.end(), gpu.end()]);
    `,
    { NODE_OPTIONS: `--import ${preload}` },
  );
  expect(lines).toEqual(['loaded true', '0 failed']);
});

test('without the permission for threads the error names the option of Node', { timeout: 30_000 }, async () => {
  const known = process.allowedNodeEnvironmentFlags;
  const permission = known.has('--permission') ? '--permission' : '--experimental-permission';
  const lines = await program(
    `
      import { hostReceiver } from 'DIST/host/receiver.js';
      const receiver = hostReceiver({ rateHz: 10 });
      const seen = [];
      const polled = ({ outcome, error }) => seen.push(outcome + (error ? ': ' + error.code + ' ' + error.fix : ''));
      await receiver.start({ sample() {}, lost() {}, polled });
      await new Promise((resolve) => setTimeout(resolve, 500));
      await receiver.stop();
      console.log(seen.join('; '));
    `,
    {},
    permission,
    '--allow-fs-read=*',
  );
  expect(lines.at(-1)).toMatch(/^failure: NO_PERMISSION Start Node with --allow-worker too[^;]*$/);
});

test('without its module, as in a bundle, a thread fails with an error that says how to bundle', async () => {
  const entry = new URL('there/is/none.js', import.meta.url);
  const thread = startThread<number, number>({ entry, name: 'host', workerData: {} });
  await expect(thread.ask(1)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(/thread host is not there.*none\.js.*--external:@benchlab-otel\/hw-receivers/),
  });
  await thread.end();
  // In a bundle of CommonJS, import.meta.url is undefined or empty.
  expect(() => compiledEntry('host/worker.js', '')).toThrow('external');
});

/** A thread of a few lines. */
function thread(text: string) {
  const entry = new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'; ${text}`)}`,
  );
  return startThread<number, number>({ entry, name: 'test', workerData: {} });
}

test('a thread answers one request after the other, and a request after its end is refused', async () => {
  const doubling = thread("parentPort.on('message', (n) => parentPort.postMessage(2 * n));");
  expect([await doubling.ask(2), await doubling.ask(3)]).toEqual([4, 6]);
  expect(await doubling.end()).toEqual({});
  await expect(doubling.ask(4)).rejects.toThrow('The thread test has ended.');
});

test('a thread that throws fails the request with what it threw, and each request after it', async () => {
  const failing = thread("parentPort.on('message', () => { throw new Error('broken chip'); });");
  await expect(failing.ask(1)).rejects.toThrow('broken chip');
  await expect(failing.ask(2)).rejects.toThrow('broken chip');
  await failing.end();
});
