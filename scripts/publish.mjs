// Publishes every package as its own tarball, after the check of its files. The release workflow runs it.
//   node scripts/publish.mjs
// A version that is there already is passed over, so that it can run again after a failure in the middle.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { packAll } from './pack.mjs';
import { publishedWorkspaces } from './workspaces.mjs';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-publish-'));
try {
  const tarballs = await packAll(folder);
  for (const { manifest } of publishedWorkspaces()) {
    const { name, version } = manifest;
    const known = await run('npm', ['view', `${name}@${version}`, 'version']);
    if (known.code === 0 && known.output.trim() === version) {
      console.log(`${name} ${version} is published already.`);
      continue;
    }
    const { code, output } = await run('npm', ['publish', tarballs.get(name)]);
    console.log(output);
    if (code !== 0) throw new Error(`npm publish failed for ${name} ${version}.`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
