import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { flagsOf } from '../../packages/probe-cli/src/command/command.ts';
import { demo } from '../../packages/probe-cli/src/commands/demo.ts';
import { commands } from '../../packages/probe-cli/src/program.ts';

const root = new URL('../../', import.meta.url);
/** Everything that users read, of every collector, rule and deployment: a new file is checked without a change here. */
const files = ['collector-config', 'monitoring/grafana/dashboards'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:md|ya?ml|json|service|sh)$/.test(path))
    .map((path) => `${folder}/${path}`),
);

test('the files are found', () => {
  expect(files).toContain('collector-config/agent/agent.yaml');
  expect(files).toContain('monitoring/grafana/dashboards/bench/bench-host.json');
});

test.each(files)('%s names no command that benchlab-probe does not have', async (file) => {
  const named = [...(await readFile(new URL(file, root), 'utf8')).matchAll(/benchlab-probe ([a-z]+)/g)];

  for (const [, command] of named) expect(commands.map((each) => each.name)).toContain(command);
});

test('prometheus.yml scrapes the port that the demo serves', async () => {
  const port = (await flagsOf(demo)).metricsPort?.option.defaultValue;

  expect(await readFile(new URL('collector-config/prometheus/prometheus.yml', root), 'utf8')).toContain(
    `["127.0.0.1:${port}"]`,
  );
});
