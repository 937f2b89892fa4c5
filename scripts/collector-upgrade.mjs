// npm run collector:upgrade -- VERSION
// Another version of the collector: changes the version in the manifest, makes the Go module again with the builder of that
// version, builds it, validates every shipped configuration with it, and prints what changed. All of it happens in a copy;
// the files of the repository change at the end, together, or not at all.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { changedModules, checked, manifestOf, versionOf } from './collector-manifest.mjs';
import { run } from './command.mjs';
import { stackFolder } from './stack-parts.mjs';
import { withoutHosts } from './stack-step.mjs';
import { root } from './workspaces.mjs';

const source = join(root, 'collector-config/distribution');
/** A build takes eight minutes on two quiet cores. */
const limitMs = 60 * 60_000;

try {
  await upgrade(process.argv[2]?.replace(/^v/, ''));
} catch (error) {
  console.error(`collector:upgrade: ${error.message}`);
  process.exitCode = 1;
}

async function upgrade(given) {
  const version = checked(given);
  mkdirSync(stackFolder, { recursive: true });
  // On the same disk as the repository, and where git ignores it.
  const copy = mkdtempSync(join(stackFolder, '.upgrade-'));
  try {
    cpSync(source, copy, { recursive: true });
    const manifest = read(copy, 'manifest.yaml');
    writeFileSync(join(copy, 'manifest.yaml'), manifestOf(manifest, version));
    console.log(`${versionOf(manifest)} -> ${version}: making the Go module …`);
    await generate(copy, version);
    const changed = readdirSync(copy).filter((name) => read(copy, name) !== readIfThere(source, name));
    if (changed.length === 0) return console.log(`Nothing changes: the distribution is at ${version}.`);
    await build(copy);
    for (const line of changedModules(read(source, 'go.mod'), read(copy, 'go.mod'))) console.log(`  ${line}`);
    for (const name of changed) cpSync(join(copy, name), join(source, name));
    console.log(`Changed: ${changed.join(', ')}. Run npm run stack:install and npm run test:stack, then commit them.`);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function generate(copy, version) {
  const builder = `go.opentelemetry.io/collector/cmd/builder@v${version}`;
  const made = await run('go', ['run', builder, '--config', 'manifest.yaml', '--skip-compilation'], {
    cwd: copy,
    limitMs,
  });
  // Its last step, go mod download, may fail on a module that only Windows needs: what counts is what it has written.
  const check = await run(process.execPath, [join(root, 'scripts/check-distribution.mjs'), copy]);
  if (check.code === 0) return;
  throw new Error(`${version} could not be made. ${lastLines(made.code === 0 ? check.output : made.output)}`);
}

async function build(copy) {
  console.log('Building it, some eight minutes …');
  const binary = join(copy, 'benchlab-otelcol');
  const args = ['build', '-trimpath', '-buildvcs=false', '-mod=readonly', '-ldflags', '-s -w', '-o', binary, '.'];
  const built = await run('go', args, { cwd: copy, env: { ...process.env, CGO_ENABLED: '0' }, limitMs });
  if (built.code !== 0) throw new Error(`It does not compile. ${lastLines(built.output)}`);
  const refused = [];
  for (const path of configurations()) {
    const { code, output } = await run(binary, ['validate', `--config=file:${path}`], { limitMs });
    if (code !== 0) refused.push(`${path}: ${lastLines(output)}`);
  }
  rmSync(binary);
  if (refused.length > 0) throw new Error(`It refuses what is shipped:\n${refused.join('\n')}`);
  console.log(`It accepts all ${configurations().length} configurations.`);
}

/** Every configuration of a collector that is shipped. */
function configurations() {
  const folder = join(root, 'collector-config');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter(
      (path) => path.endsWith('.yaml') && /^service:\n(?: .*\n|\n)*? {2}pipelines:/m.test(readFileSync(path, 'utf8')),
    );
}

function read(folder, name) {
  return readFileSync(join(folder, name), 'utf8');
}

function readIfThere(folder, name) {
  try {
    return read(folder, name);
  } catch {
    return undefined;
  }
}

/** Logs are shared: the proxy of a machine is left out. */
function lastLines(output) {
  return `Its last lines:\n${withoutHosts(output.trim().split('\n').slice(-8).join('\n'))}`;
}
