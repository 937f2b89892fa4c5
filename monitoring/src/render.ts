// Writes every dashboard to monitoring/grafana/dashboards, or with --check fails when what is there is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './dashboardDefinition.ts';
import { definitions, fileOf, rendered } from './dashboards.ts';
import { findings } from './lint.ts';

// The same folder from src/ and from dist/.
const folder = fileURLToPath(new URL('../grafana/dashboards/', import.meta.url));
const checks = process.argv.includes('--check');
let failed = false;

for (const definition of definitions) {
  const dashboard = build(definition);
  for (const finding of findings(dashboard)) {
    console.error(`${definition.name}: ${finding}`);
    failed = true;
  }
  const file = fileOf(definition);
  const path = join(folder, file);
  const text = rendered(dashboard);
  if (text === committed(path)) continue;
  if (checks) {
    console.error(`monitoring/grafana/dashboards/${file} is stale. Run: npm run render`);
    failed = true;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`Wrote monitoring/grafana/dashboards/${file}`);
  }
}
if (failed) process.exitCode = 1;

function committed(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
