// Every check that is not a test: format and lint, types, unused code, what the packages publish, generated files, words.
// Runs all of them, as many at once as there are cores. One line for each check; what a check prints only where it failed.
// Exit code 1 when one failed.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { packAll } from './pack.mjs';
import { publishedWorkspaces, root } from './workspaces.mjs';

const bin = (name) => join(root, 'node_modules/.bin', name);
const tsc59 = join(root, 'node_modules/typescript59/bin/tsc');
const scratch = mkdtempSync(join(tmpdir(), 'benchlab-check-'));
const published = publishedWorkspaces().map(({ manifest }) => manifest.name);
let packing;

/** The longest first, so that all workers end at about the same time. */
const checks = [
  { title: 'packages can be packed', run: async () => ({ code: (await packed()) ? 0 : 1, output: '' }) },
  tool('unused files, exports, dependencies', 'knip'),
  tool('format and lint', 'biome', 'ci', '--error-on-warnings', '--colors=off'),
  // The decorators' types are tested with the compiler that many users still have, too.
  script('types of tests, standard decorators, TypeScript 5.9', tsc59, '-p', 'packages/sdk/test/std'),
  script('types of tests, legacy decorators, TypeScript 5.9', tsc59, '-p', 'packages/sdk/test/legacy'),
  tool('types of tests', 'tsc', '-p', 'test'),
  tool('types of the page', 'tsc', '-p', 'packages/dashboard/page'),
  // ./register is for --import alone, which loads ES modules.
  ...published.map((name) =>
    ofTarball(name, 'types as published', 'attw', '--exclude-entrypoints', './register', '--no-emoji'),
  ),
  tool('size of the decorators', 'vitest', 'run', '--project', 'std', 'packages/sdk/test/std/size.test.ts'),
  tool('types', 'tsc', '-b'),
  tool('types of tests, standard decorators', 'tsc', '-p', 'packages/sdk/test/std'),
  tool('types of tests, legacy decorators', 'tsc', '-p', 'packages/sdk/test/legacy'),
  ...published.map((name) => ofTarball(name, 'publint', 'publint', '--strict')),
  script('dashboards are rendered', 'monitoring/dist/render.js', '--check'),
  script('data contracts are rendered', 'monitoring/dist/contracts/render.js', '--check'),
  script(
    'rules of Prometheus',
    'packages/probe-cli/bin/benchlab-probe.mjs',
    'lint',
    'rules',
    'collector-config/prometheus/rules',
    'collector-config/runbooks',
    'monitoring/thresholds.json',
    'monitoring/foreign-series.json',
  ),
  script(
    'dashboards of Grafana',
    'packages/probe-cli/bin/benchlab-probe.mjs',
    'lint',
    'dashboards',
    'monitoring/grafana',
    'monitoring/thresholds.json',
    'monitoring/foreign-series.json',
    'collector-config/prometheus/rules',
    'collector-config/runbooks',
  ),
  script('exports are documented', 'scripts/exports-page.mjs', '--check'),
  script('the manual page is what the commands are', 'scripts/man-page.mjs', '--check'),
  script('quotations are what the files are', 'scripts/quotations.mjs', '--check'),
  script('schemas of the probe are rendered', 'scripts/probe-schemas.mjs', '--check'),
  script('alerts are documented', 'scripts/alerts-page.mjs', '--check'),
  script('licences are accepted and listed', 'scripts/licences.mjs', '--check'),
  script('collector distribution matches its manifest', 'scripts/check-distribution.mjs'),
  script('changesets name packages and changes', 'scripts/release-version.mjs', '--check'),
  script('plain English', 'scripts/check-english.mjs'),
  script('lock files have integrity hashes', 'scripts/check-lock.mjs'),
];

const started = Date.now();
const waiting = [...checks];
let failed = 0;
try {
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const summary = failed === 0 ? `All ${checks.length} checks passed` : `${failed} of ${checks.length} checks failed`;
console.log(`${summary} (${seconds(started)}).`);
process.exitCode = failed === 0 ? 0 : 1;

async function worker() {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
    const begun = Date.now();
    const { code, output } = await check.run().catch((error) => ({ code: 1, output: error.message }));
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.title} (${seconds(begun)})`);
    if (code === 0) continue;
    failed++;
    console.log(output.trimEnd());
  }
}

function tool(title, name, ...args) {
  return { title, run: () => run(bin(name), args) };
}

function script(title, ...args) {
  return { title, run: () => run(process.execPath, args) };
}

/** A tool that judges what goes to npm. */
function ofTarball(name, title, toolName, ...args) {
  return { title: `${name}: ${title}`, run: async () => run(bin(toolName), [...args, (await packed()).get(name)]) };
}

/** The tarballs by package name. All checks of tarballs share one packing. */
function packed() {
  packing ??= packAll(scratch);
  return packing;
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
