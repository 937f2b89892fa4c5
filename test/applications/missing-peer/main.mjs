import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folderOf = (name) => require.resolve(name).replace(/\/build\/.*/, '');
const scope = dirname(require.resolve('@benchlab-otel/core').replace(/\/dist\/.*/, ''));
// Away from here, where Node finds no other packages.
const folder = mkdtempSync(join(tmpdir(), 'benchlab-missing-'));
try {
  const modules = join(folder, 'node_modules');
  for (const name of ['core', 'sdk']) {
    cpSync(join(scope, name), join(modules, '@benchlab-otel', name), { recursive: true, dereference: true });
  }
  writeFileSync(
    join(folder, 'bare.mjs'),
    "import { spanned } from '@benchlab-otel/sdk';\nconsole.log('result', spanned('one', () => 1)());\n",
  );
  writeFileSync(
    join(folder, 'kit.mjs'),
    "import { inMemoryTelemetry } from '@benchlab-otel/sdk/testing';\ninMemoryTelemetry();\n",
  );
  show('without the API', 'bare.mjs');
  cpSync(folderOf('@opentelemetry/api'), join(modules, '@opentelemetry/api'), { recursive: true, dereference: true });
  show('without an SDK', 'bare.mjs');
  show('the test kit without an SDK', 'kit.mjs');
  rmSync(modules, { recursive: true });
  linkAllBut('@opentelemetry/sdk-metrics', modules);
  writeFileSync(join(folder, 'service.mjs'), "console.log('result', 2);\n");
  show('zero code without a peer', '--import', '@benchlab-otel/node/register', 'service.mjs');
  writeFileSync(join(folder, 'start.mjs'), "import '@benchlab-otel/node';\n");
  show('the start without a peer', 'start.mjs');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** As an installation without this package. Links are followed, so Node looks for what is missing here alone. */
function linkAllBut(missing, into) {
  const installed = dirname(scope);
  for (const name of readdirSync(installed).filter((each) => !each.startsWith('.'))) {
    const names = name.startsWith('@') ? readdirSync(join(installed, name)).map((each) => `${name}/${each}`) : [name];
    mkdirSync(dirname(join(into, names[0])), { recursive: true });
    for (const each of names) if (each !== missing) symlinkSync(join(installed, each), join(into, each));
  }
}

/** Prints how the program ends, with its result and its error. */
function show(what, ...args) {
  const keep = ['--preserve-symlinks', '--preserve-symlinks-main'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...keep, ...args], { cwd: folder, encoding: 'utf8' });
  const lines = `${stdout}${stderr}`.split('\n').filter((each) => /^(result|\w*Error|benchlab-otel:)/.test(each));
  console.log(
    `${what}: exit ${status}: ${lines.map((line) => line.replace(/ imported from [^ ]*\/[^ .]*\.m?js/, '')).join(' | ')}`,
  );
}
