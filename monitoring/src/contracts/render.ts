// Writes docs/data-contracts.md, registry/*.yaml and the version of the SDK as code. With --check it fails when a
// committed file is stale.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataContracts } from './dataContracts.ts';
import { weaverFiles } from './weaver.ts';

// The same folder from src/ and from dist/.
const root = fileURLToPath(new URL('../../../', import.meta.url));
const checks = process.argv.includes('--check');
const { version } = JSON.parse(readFileSync(join(root, 'packages/sdk/package.json'), 'utf8')) as { version: string };
const weaver = weaverFiles(version);
const files: Record<string, string> = {
  'docs/data-contracts.md': dataContracts(),
  // A JSON import would need a flag on Node 20 and would lie outside of src; so the version is written into a module.
  'packages/sdk/src/version.gen.ts': `// Generated from package.json by \`npm run render\`.\nexport const version = '${version}';\n`,
};
for (const [name, text] of Object.entries(weaver)) files[`registry/${name}`] = text;

let failed = false;
for (const [path, text] of Object.entries(files)) {
  if (text === committed(path)) continue;
  if (checks) {
    console.error(`${path} is stale. Run: npm run render`);
    failed = true;
  } else {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`Wrote ${path}`);
  }
}
// Weaver reads every file of the folder.
for (const name of readdirSync(join(root, 'registry'))) {
  if (name in weaver || !/\.ya?ml$/.test(name)) continue;
  console.error(`registry/${name} is not generated. Delete it.`);
  failed = true;
}
if (failed) process.exitCode = 1;

function committed(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}
