// What loading costs at the start of an application: a fresh process for each figure, the variants in another order in each round.
// The SDK is loaded after the API, which every instrumented program loads. `startTelemetry` stands next to the stock NodeSDK, which
// `npm install --prefix bench/peers` brings: both imported, and both started. By itself the stock NodeSDK starts OTLP over HTTP and
// no page; with the same parts it has what ours starts: OTLP over gRPC, a metrics page and a logger.
// Our packages are those of their tarballs, as applications have them.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { quantile, shuffled } from './interleave.mjs';
import { packedFolder } from './packed.mjs';

const rounds = 15;
const peers = new URL('./peers/package.json', import.meta.url);
const hasPeers = existsSync(new URL('./peers/node_modules/@opentelemetry/sdk-node', import.meta.url));
const nodeSdk = hasPeers ? pathToFileURL(createRequire(peers).resolve('@opentelemetry/sdk-node')).href : undefined;

const sameParts = 'NodeSDK, started with the same parts';

/** Each prints the milliseconds of CPU time of what stands between `begin` and the end. */
const variants = {
  '@opentelemetry/api': "await import('@opentelemetry/api');",
  '@benchlab-otel/sdk, after the API':
    "await import('@opentelemetry/api'); begin(); await import('@benchlab-otel/sdk');",
  '@benchlab-otel/sdk, by require()':
    "const require = createRequire(here); require('@opentelemetry/api'); begin(); require('@benchlab-otel/sdk');",
  '@benchlab-otel/node': "await import('@benchlab-otel/node');",
  '@benchlab-otel/node, started':
    "const { startTelemetry } = await import('@benchlab-otel/node'); await startTelemetry({ metricsPage: { port: 0 } });",
  ...(nodeSdk && {
    NodeSDK: `await import(${JSON.stringify(nodeSdk)});`,
    'NodeSDK, started': `const { NodeSDK } = (await import(${JSON.stringify(nodeSdk)})).default; new NodeSDK().start();`,
    [sameParts]: sameCode(),
  }),
};

const folder = await packedFolder('@benchlab-otel/node');
const times = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
try {
  for (let round = 0; round < rounds; round++) {
    for (const name of shuffled(Object.keys(variants))) times[name].push(timeOf(variants[name]));
  }
} finally {
  rmSync(folder, { recursive: true });
}
const apiMs = quantile(times['@opentelemetry/api'], 0.5);
const peerOf = (name) => times[name.endsWith('started') ? sameParts : 'NodeSDK'];
const table = Object.entries(times).map(([name, all]) => {
  const ms = quantile(all, 0.5);
  const peer = name.startsWith('@benchlab-otel/node') ? peerOf(name) : undefined;
  const ofNodeSdk = peer && (ms / quantile(peer, 0.5)).toFixed(2);
  return [name, { ms: ms.toFixed(1), 'of the API': (ms / apiMs).toFixed(2), ...(peer && { 'of NodeSDK': ofNodeSdk }) }];
});
console.log(`\nimport, milliseconds of CPU time, median of ${rounds} processes`);
console.table(Object.fromEntries(table));
if (!hasPeers) console.log('Without NodeSDK: npm install --prefix bench/peers brings it.');

/** NodeSDK with the exporters and the logger that `startTelemetry` starts, of the same versions. */
function sameCode() {
  const load = (from, name) => `await import(${JSON.stringify(pathToFileURL(createRequire(from).resolve(name)).href)})`;
  return `const { NodeSDK } = (${load(peers, '@opentelemetry/sdk-node')}).default;
    const { OTLPTraceExporter } = (${load(peers, '@opentelemetry/exporter-trace-otlp-grpc')}).default;
    const { PrometheusExporter } = (${load(peers, '@opentelemetry/exporter-prometheus')}).default;
    const { pino } = (${load(import.meta.url, 'pino')}).default;
    pino();
    new NodeSDK({
      traceExporter: new OTLPTraceExporter(),
      metricReaders: [new PrometheusExporter({ port: 0 })],
    }).start();`;
}

function timeOf(code) {
  const text = `import { createRequire } from 'node:module';
    const here = ${JSON.stringify(join(folder, 'program.js'))};
    let started = process.cpuUsage();
    const begin = () => { started = process.cpuUsage(); };
    ${code}
    const { user, system } = process.cpuUsage(started);
    process.stdout.write(String((user + system) / 1000));
    process.exit();`;
  const args = ['--input-type=module', '--no-warnings', '--eval', text];
  const env = { ...process.env, OTEL_LOG_LEVEL: 'NONE' };
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: folder,
    env,
  });
  const ms = Number(/[\d.]+$/.exec(stdout)?.[0]);
  if (!(ms > 0)) throw new Error(`${code}\n${stdout}${stderr}`);
  return ms;
}
