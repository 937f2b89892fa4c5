// Every application of test/applications in an installation of its own, on every Node that we support.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installIsland, nodeProgram } from '../lane-island.mjs';
import { packAll } from '../pack.mjs';
import { applications, install, runApplication } from '../release/applications.mjs';
import { ProofFailure } from './failure.mjs';

const nodes = [
  { name: '20', program: process.execPath },
  { name: '22', program: nodeProgram('22') },
  { name: '24', program: nodeProgram('24') },
];

async function run() {
  installIsland();
  const scratch = mkdtempSync(join(tmpdir(), 'benchlab-apps-'));
  const figures = {};
  const failures = [];
  try {
    const tarballs = join(scratch, 'tarballs');
    mkdirSync(tarballs);
    const packed = await packAll(tarballs);
    for (const app of applications()) {
      const project = join(scratch, 'project');
      await install(project, app.manifest.dependencies, packed);
      const results = [];
      for (const node of nodes.filter(({ name }) => Number(name) >= (app.manifest.needsNode ?? 20))) {
        const fault = await runApplication(project, app, node).then(
          () => undefined,
          (error) => error.message,
        );
        results.push(`${node.name} ${fault === undefined ? 'passed' : 'failed'}`);
        if (fault !== undefined) failures.push(`${app.name} on Node ${node.name}: ${fault}`);
      }
      figures[`${app.name}, on Node`] = results.join(', ');
      rmSync(project, { recursive: true, force: true });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (failures.length > 0) throw new ProofFailure(failures.join('; '), figures);
  return figures;
}

export const proof = {
  name: 'apps',
  what: 'Each application of `test/applications`, installed by itself from packed tarballs, compiles, runs and prints what it must, on Node 20, 22 and 24.',
  run,
};
