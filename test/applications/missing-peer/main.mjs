import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function show(what, file) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
  const line = `${stdout}${stderr}`.split('\n').find((each) => /^(result|\w*Error)/.test(each));
  console.log(`${what}: exit ${status}: ${line?.replace(/ imported from .*/, '')}`);
}
