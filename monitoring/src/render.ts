// Writes every dashboard to monitoring/grafana/dashboards, or with --check fails when what is there is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dashboards, rendered } from './dashboards.ts';
import { findings } from './lint.ts';

// The same folder from src/ and from dist/.
const folder = fileURLToPath(new URL('../grafana/dashboards/', import.meta.url));
const checks = process.argv.includes('--check');
let failed = false;

for (const [name, build] of Object.entries(dashboards)) {
  const dashboard = build();
  for (const finding of findings(dashboard)) {
    console.error(`${name}: ${finding}`);
    failed = true;
  }
  const path = join(folder, `${name}.json`);
  const text = rendered(dashboard);
  if (text === committed(path)) continue;
  if (checks) {
    console.error(`monitoring/grafana/dashboards/${name}.json is stale. Run: npm run render`);
    failed = true;
  } else {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
    console.log(`Wrote monitoring/grafana/dashboards/${name}.json`);
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
