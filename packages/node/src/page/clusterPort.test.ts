import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const built = new URL('../../dist/index.js', import.meta.url).href;

/** Two workers of a cluster, one after the other, on one port. Prints what each of them got. */
const program = `
import cluster from 'node:cluster';
import { createServer } from 'node:net';
import { startTelemetry } from ${JSON.stringify(built)};
if (cluster.isPrimary) {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(async () => {
      const answers = [];
      for (let k = 0; k < 2; k++) {
        const worker = cluster.fork({ PROMETHEUS_PORT: port });
        answers.push(await new Promise((resolve) => worker.once('message', resolve)));
      }
      console.log(JSON.stringify(answers));
      for (const worker of Object.values(cluster.workers)) worker.kill('SIGKILL');
    });
  });
} else {
  startTelemetry({ otlp: false, log: { level: 'silent' } }).then(
    () => process.send('listens'),
    (error) => process.send(error.code),
  );
}
`;

it('workers of a cluster never share the port of one page: the second is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  const run = async () => (await promisify(execFile)(process.execPath, [file], { timeout: 12_000 })).stdout;
  let answers = JSON.parse(await run());
  // Another process took the port between the probe and the first worker.
  if (answers[0] === 'PORT_IN_USE') answers = JSON.parse(await run());
  rmSync(folder, { recursive: true });
  expect(answers).toEqual(['listens', 'PORT_IN_USE']);
});
