// The example of two processes, with the agent of an emulated bench, in a real store of traces.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from './process.ts';
import { type Jaeger, startJaeger } from './servers.ts';

interface JaegerSpan {
  readonly spanID: string;
  readonly operationName: string;
  readonly processID: string;
  readonly references: readonly { readonly refType: string; readonly traceID: string; readonly spanID: string }[];
  readonly tags: readonly { readonly key: string; readonly value: unknown }[];
}

interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let jaeger: Jaeger;
let agent: ChildProcess;
let traces: readonly JaegerTrace[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-planner-'));
  jaeger = await startJaeger();
  const socket = join(folder, 'agent.sock');
  const own = ['--simulate', '--no-host', '--no-nvml', '--metrics-port', '0', '--socket', socket];
  agent = spawn(process.execPath, ['packages/probe-cli/bin/benchlab-probe.mjs', 'agent', ...own], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await until('the socket of the agent', () => existsSync(socket));
  const env = {
    ...process.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${jaeger.otlpGrpc}`,
    OTEL_METRICS_EXPORTER: 'none',
  };
  const example = spawn(process.execPath, ['examples/planner', '--socket', socket, '--out', join(folder, 'out')], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(example, 'exit');
  expect(code).toBe(0);
  traces = await until('the trace in Jaeger', async () => {
    const { data } = (await (await fetch(`${jaeger.url}/api/traces?service=planner`)).json()) as {
      data: JaegerTrace[];
    };
    return data.some(({ spans }) => spans.length === 17) && data;
  });
});
afterAll(async () => {
  agent?.kill('SIGTERM');
  await jaeger?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const tagsOf = ({ tags }: JaegerSpan) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));
const named = (name: string) => traces.flatMap(({ spans }) => spans.filter((span) => span.operationName === name));

test('both processes are one trace', () => {
  expect(traces).toHaveLength(1);
  const services = traces[0]?.spans.map(({ processID }) => traces[0]?.processes[processID]?.serviceName);
  expect([...new Set(services)].sort()).toEqual(['executor', 'planner']);
});

test('every span has the versions of model and data, also those of the process that was called', () => {
  const spans = traces[0]?.spans ?? [];
  // The span that is the root of the work begins where the model is stated.
  for (const span of spans) {
    expect(tagsOf(span), span.operationName).toMatchObject({
      'gen_ai.request.model': 'emulated-coder-1',
      'model.version': '2024-07',
      'dataset.version': '1.0.0',
    });
  }
});

test('long spans have the joules of the bench, marked as simulated', () => {
  for (const name of ['planner.call', 'executor.call', 'executor.task']) {
    for (const span of named(name)) {
      expect(tagsOf(span), name).toMatchObject({
        'benchlab.energy.system.joules': expect.any(Number),
        'benchlab.simulated': true,
      });
    }
  }
});

test('a verification judges the span of the other process that made the kernel, and its report is evidence', () => {
  const makers = named('executor.task');
  const verifications = named('verify.run');
  expect(verifications).toHaveLength(3);
  for (const span of verifications) {
    const tags = tagsOf(span);
    const maker = makers.find(({ spanID }) => String(tags['provenance.id']).endsWith(`-${spanID}`));
    expect(maker).toBeDefined();
    expect(span.references).toContainEqual(
      expect.objectContaining({ refType: 'FOLLOWS_FROM', spanID: maker?.spanID, traceID: traces[0]?.traceID }),
    );
    expect(tags).toMatchObject({ 'verify.score': 1, 'benchlab.artifact.stored': true });
    const [hash = ''] = String(tags['benchlab.artifact.hashes']).match(/[0-9a-f]{64}/) ?? [];
    expect(readFileSync(join(folder, 'out/artifacts', hash), 'utf8')).toMatch(/ gave .*: score 1\n$/);
    expect(existsSync(join(folder, 'out/artifacts/holds', `${hash}.json`))).toBe(true);
  }
});
