import { expect, test } from 'vitest';
import { inRepository, run } from '../stack/deploy/checks.ts';
import { instructions } from '../stack/deploy/containerfile.ts';
import { inThrowawaySystem } from '../stack/deploy/throwawaySystem.ts';
import { record } from './record.ts';

test('the RUN steps of Containerfile.collector build a static program that accepts agent.yaml (needs root)', async () => {
  const steps = await instructions(inRepository('deploy/Containerfile.collector'));
  const build = steps.slice(
    0,
    steps.findLastIndex(({ name }) => name === 'FROM'),
  );
  const runs = build.filter(({ name }) => name === 'RUN').map(({ text }) => text);
  const started = Date.now();
  // Go's caches are those of this machine: what it looks up in them it writes to, which a layer would hold twice.
  const { stdout: go } = await run('go', ['env', 'GOROOT', 'GOCACHE', 'GOMODCACHE']);
  const [goRoot, ...caches] = go.trim().split('\n');
  const repository = inRepository('.').replace(/\/$/, '');
  // COPY comes before the steps that need it; all of it at once does for them.
  const script = `set -e
export PATH="${goRoot}/bin:$PATH" HOME="${process.env.HOME}"
mkdir /src && cp ${repository}/collector-config/distribution/*.go ${repository}/collector-config/distribution/go.* /src/
cd /src
${runs.join('\n')}
COLLECTOR_STATE_DIR=/out/state /out/benchlab-otelcol validate --config=file:${repository}/collector-config/agent/agent.yaml
ldd /out/benchlab-otelcol 2>&1 || true
test -d /out/state && echo built`;

  const { stdout } = await inThrowawaySystem(script, caches);

  expect(runs).toHaveLength(3);
  expect(stdout).toContain('not a dynamic executable');
  expect(stdout).toMatch(/^built$/m);
  record({
    'RUN steps of Containerfile.collector': `${runs.length} in ${((Date.now() - started) / 1000).toFixed(0)} s`,
  });
});
