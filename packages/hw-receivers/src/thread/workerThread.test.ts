import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-thread-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program of its own on the compiled package: what Node does with a thread depends on how Node was started. */
async function program(text: string, env: NodeJS.ProcessEnv, ...flags: string[]) {
  const compiled = new URL('../../dist/', import.meta.url).href;
  const args = [...flags, '--input-type=module', '--eval', text.replaceAll('DIST/', compiled)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...env } });
  return stdout.trim().split('\n');
}

test('a module that NODE_OPTIONS names runs in no thread of a receiver, so that telemetry in it starts none without an end', {
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
