import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemProgram } from '../../scripts/stack-system.mjs';
import { shipped } from './configs.ts';
import { freePorts, installed, type RunningServer, startServer } from './process.ts';

/** What the collectors of a fleet share: a certificate that they trust, and the token that they send and ask for. */
export interface FleetSecrets {
  readonly token: string;
  readonly ca: string;
  readonly caFile: string;
  readonly environment: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** A certificate for 127.0.0.1 that is its own authority, valid for a day, and a token, in files of a folder. */
export async function fleetSecrets(): Promise<FleetSecrets> {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-fleet-'));
  const file = (name: string) => join(folder, name);
  const token = 'a-token-of-this-test';
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file('tls.key')];
  await promisify(execFile)(systemProgram('openssl'), [
    ...['req', '-x509', '-days', '1', '-out', file('tls.crt'), '-batch'],
    ...key,
    ...name,
  ]);
  await writeFile(file('tokens'), `${token}\n`);
  await writeFile(file('authorization'), `Bearer ${token}`);
  return {
    token,
    ca: await readFile(file('tls.crt'), 'utf8'),
    caFile: file('tls.crt'),
    environment: {
      COLLECTOR_TLS_CERT_FILE: file('tls.crt'),
      COLLECTOR_TLS_KEY_FILE: file('tls.key'),
      COLLECTOR_CA_FILE: file('tls.crt'),
      COLLECTOR_TOKEN_FILE: file('tokens'),
      COLLECTOR_UPSTREAM_AUTHORIZATION_FILE: file('authorization'),
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Tier extends RunningServer {
  /** Where OTLP goes in: host:port. */
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
  /** Its page with its own metrics: host:port. */
  readonly telemetryTarget: string;
  /** To start another at the same addresses once this one is gone. */
  readonly ports: readonly number[];
  /** A counter of the collector's own page, the sum over its labels. */
  counter(name: string): Promise<number>;
}

export interface TierOptions {
  /** Those of a tier before it. */
  readonly ports?: readonly number[];
  /** Added to the shipped file, each a line of YAML with its path: `exporters::NAME::KEY: VALUE`. */
  readonly more?: readonly string[];
  /** The folder of its queues is a disk of this size (as `mount` writes it), which goes with it. */
  readonly disk?: string;
}

/** A collector with a shipped file, every listener on a free port of loopback. */
export async function startTier(
  name: string,
  environment: Readonly<Record<string, string>>,
  { ports: taken, more = [], disk }: TierOptions = {},
): Promise<Tier> {
  const ports = taken ?? (await freePorts(5));
  const [grpc, http, telemetry, health, scrape] = ports;
  const flags = [`--config=file:${shipped(name)}`, ...more.map((line) => `--config=yaml:${line}`)];
  const server = await startServer({
    program: disk === undefined ? 'benchlab-otelcol' : systemProgram('unshare'),
    args: () => (disk === undefined ? flags : onDisk(disk, flags)),
    env: (folder) => ({
      COLLECTOR_STATE_DIR: join(folder, 'queues'),
      COLLECTOR_OTLP_GRPC_ENDPOINT: `127.0.0.1:${grpc}`,
      COLLECTOR_OTLP_HTTP_ENDPOINT: `127.0.0.1:${http}`,
      COLLECTOR_TELEMETRY_PORT: `${telemetry}`,
      COLLECTOR_HEALTH_ENDPOINT: `127.0.0.1:${health}`,
      COLLECTOR_SCRAPE_ENDPOINT: `127.0.0.1:${scrape}`,
      // Port 1 is never listened on: what a test does not give, is away.
      COLLECTOR_TRACES_ENDPOINT: '127.0.0.1:1',
      COLLECTOR_METRICS_ENDPOINT: 'http://127.0.0.1:1',
      COLLECTOR_LOGS_ENDPOINT: 'http://127.0.0.1:1',
      ...environment,
    }),
    readyUrl: `http://127.0.0.1:${health}/`,
  });
  return {
    ...server,
    otlpGrpc: `127.0.0.1:${grpc}`,
    otlpHttp: `127.0.0.1:${http}`,
    telemetryTarget: `127.0.0.1:${telemetry}`,
    ports,
    async counter(metric) {
      const page = await (await fetch(`http://127.0.0.1:${telemetry}/metrics`)).text();
      const values = [...page.matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
      return values.reduce((sum, [, value]) => sum + Number(value), 0);
    },
  };
}

/** In mounts of its own, for which no one needs to be root: the process is the collector's from then on. */
function onDisk(size: string, flags: readonly string[]): readonly string[] {
  const script =
    'mkdir -p "$COLLECTOR_STATE_DIR" && mount -t tmpfs -o "size=$1" tmpfs "$COLLECTOR_STATE_DIR" && shift && exec "$@"';
  return [
    '--user',
    '--map-root-user',
    '--mount',
    'sh',
    '-c',
    script,
    'sh',
    size,
    installed('benchlab-otelcol'),
    ...flags,
  ];
}

/** Posts OTLP in its JSON form over TLS, so that no SDK is in between. Resolves with the status. */
export function postSecurely(
  address: string,
  body: unknown,
  { ca, token }: { readonly ca: string; readonly token?: string },
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const sent = request(`https://${address}/v1/traces`, { method: 'POST', ca, headers, timeout: 10_000 }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode));
    });
    sent.once('error', reject);
    sent.end(JSON.stringify(body));
  });
}
