// Writes the JSON Schemas of files from the schemas that the probe and the sessions read them with. With --check it fails where
// one is stale.
//   node scripts/probe-schemas.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { fileSchema } from '../packages/probe-cli/dist/agent/config/fileSchema.js';
import { probeSchema } from '../packages/probe-cli/dist/presence/probeSchema.js';
import { telemetrySchema } from '../packages/probe-cli/dist/presence/telemetrySchema.js';
import { flowSchema, traceSchema } from '../packages/session/dist/index.js';
import { root } from './workspaces.mjs';

const schemas = {
  'probe-cli/schema/agent': [fileSchema(), 'The configuration of the agent: /etc/benchlab/config.toml'],
  'probe-cli/schema/probe': [probeSchema, 'What a run must show: probe.yaml of benchlab-probe'],
  'probe-cli/schema/telemetry': [telemetrySchema, 'The telemetry of a run: a file of benchlab-probe run --save'],
  'session/schema/flow': [flowSchema(), 'The steps that a person is led through: a file of benchlab-probe flow'],
  'session/schema/trace': [traceSchema(), 'A trace of benchlab-probe sessions export --format trace'],
};

for (const [name, [schema, title]] of Object.entries(schemas)) {
  const path = `packages/${name}.schema.json`;
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  const wanted = `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
  if (wanted === current(path)) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is stale. Run: npm run render`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, path), wanted);
    console.log(`Wrote ${path}`);
  }
}

function current(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}
