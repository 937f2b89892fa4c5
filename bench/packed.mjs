// Our packages as applications have them: from their tarballs, with the bundle for Node.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needed, packAll } from '../scripts/pack.mjs';

/** A new folder whose node_modules has the package `name` and those of ours that it needs. It lies here, so that Node finds the others above it. */
export async function packedFolder(name) {
  const folder = mkdtempSync(fileURLToPath(new URL('.packed-', import.meta.url)));
  const workspaces = needed(name);
  const tarballs = await packAll(folder, workspaces);
  for (const workspace of workspaces) {
    const target = join(folder, 'node_modules', workspace.manifest.name);
    mkdirSync(target, { recursive: true });
    const tarball = tarballs.get(workspace.manifest.name);
    execFileSync('tar', ['--extract', '--gzip', '--file', tarball, '--directory', target, '--strip-components=1']);
    // Versions of other packages that this one alone has.
    const own = join(fileURLToPath(new URL('..', import.meta.url)), workspace.folder, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(target, 'node_modules'));
  }
  return folder;
}
