// Lays out what one lane tests: the core as npm packs it, under its tests, in a copy of the repository as far as tests read
// it. A stage lies below the folder whose node_modules its lane uses, so that Node and the compilers find them from there.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packAll } from './pack.mjs';
import { publishedWorkspaces, root } from './workspaces.mjs';

/** What applications load, and so what each lane tests. */
const packages = ['core', 'sdk', 'wire', 'analysis', 'enrichers', 'node', 'presets'].map((name) => `packages/${name}`);

/** The tarballs of these packages by name, as they would be published, except for their bundles: tests import single modules. */
export function packPackages(into) {
  return packAll(
    into,
    publishedWorkspaces().filter(({ folder }) => packages.includes(folder)),
    { bundles: false },
  );
}

export function makeStage(stage, packed) {
  rmSync(stage, { recursive: true, force: true });
  stageTests(stage, packed);
  for (const mode of ['std', 'legacy']) stageTypes(stage, mode);
}

export function run(command, args, cwd = root) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return;
  console.error(
    `test:lanes: ${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ` (exit ${status})`}.`,
  );
  process.exit(1);
}

function stageTests(stage, packed) {
  // As `npm install` of the tarballs would have them.
  mkdirSync(join(stage, 'node_modules/@benchlab-otel'), { recursive: true });
  for (const [fullName, tarball] of packed) {
    const name = fullName.slice('@benchlab-otel/'.length);
    const folder = join(stage, 'packages', name);
    mkdirSync(folder, { recursive: true });
    run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
    for (const part of ['src', 'test', 'tsconfig.json']) {
      const source = join(root, 'packages', name, part);
      if (existsSync(source)) cpSync(source, join(folder, part), { recursive: true });
    }
    symlinkSync(folder, join(stage, 'node_modules/@benchlab-otel', name));
  }
  cpSync(join(root, 'test/lanes/lane.test.ts'), join(stage, 'test/lane.test.ts'));
  const options = readFileSync(join(root, 'tsconfig.json'), 'utf8');
  // The other packages are not here.
  writeFileSync(join(stage, 'tsconfig.json'), options.replace(/"references": \[[^\]]*\]/, '"references": []'));
  for (const name of ['docs', 'monitoring']) {
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(stage, name));
  }
}

/** What users' compilers see: the type tests over the packed declarations, of which nothing is skipped. */
function stageTypes(stage, mode) {
  const folder = join(stage, 'types', mode);
  mkdirSync(folder, { recursive: true });
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    experimentalDecorators: mode === 'legacy',
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['.'] }));
  const ofDecorators = readFileSync(join(root, 'packages/sdk/test', mode, 'types.ts'), 'utf8');
  writeFileSync(join(folder, 'types.ts'), ofDecorators.replaceAll(/'[./]+\/src\/index\.ts'/g, "'@benchlab-otel/sdk'"));
  cpSync(join(root, 'test/lanes/testing.types.ts'), join(folder, 'testing.types.ts'));
}
