import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/environment.md'), 'utf8');

it('docs/environment.md lists every variable that the telemetry of an application reads', () => {
  const folder = join(root, 'packages/node/src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !/\.(test|suite)\.ts$/.test(name),
  );
  const named = sources.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/\b(?:OTEL|TELEMETRY|PROMETHEUS)_[A-Z0-9_]*[A-Z0-9]\b/g)].map(
      String,
    ),
  );
  // Parts of names in code, and the older name of a variable.
  const parts = /^OTEL_(BSP|BLRP|EXPORTER_OTLP)$|^OTEL_EXPORTER_OTLP_(TRACES|METRICS|LOGS)_|_EXPERIMENTAL_/;
  const missing = [...new Set(named)].filter((name) => !parts.test(name) && !page.includes(`\`${name}\``));
  expect(new Set(named).size).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});
