import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/environment.md'), 'utf8');

it('docs/environment.md lists every variable that the packages read', () => {
  const folder = join(root, 'packages');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /^[^/]+\/src\/.*\.ts$/.test(name) && !/\.(test|suite)\.ts$/.test(name),
  );
  const named = sources.flatMap((name) =>
    [
      ...readFileSync(join(folder, name), 'utf8').matchAll(
        /\b(?:OTEL|TELEMETRY|PROMETHEUS|GST)_[A-Z0-9_]*[A-Z0-9]\b|(?<=\benv\.)[A-Z_]{3,}\b/g,
      ),
    ].map(String),
  );
  // Parts of names in code, the older name of a variable, and what is given to GStreamer.
  const parts =
    /^OTEL_(BSP|BLRP|EXPORTER_OTLP)$|^OTEL_EXPORTER_OTLP_(TRACES|METRICS|LOGS)_|_EXPERIMENTAL_|^GST_(TRACER|DEBUG_NO_COLOR)$|^PATH$/;
  const missing = [...new Set(named)].filter((name) => !parts.test(name) && !page.includes(`\`${name}\``));
  expect(new Set(named).size).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});
