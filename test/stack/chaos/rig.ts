import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemProgram } from '../../../scripts/stack-system.mjs';
import { type FleetSecrets, fleetSecrets, startTier, type Tier } from '../fleet.ts';
import { freePorts } from '../process.ts';
import { type Prometheus, startPrometheus } from '../prometheus.ts';
import { type FlakyStore, startFlakyStore } from './flakyStore.ts';
import { startWatch, type Watch } from './watch.ts';

/** Sender -> agent -> gateway -> store, or sender -> agent -> store, and a Prometheus that watches them. */
export interface Rig {
  /** Where the sender sends: host:port. */
  readonly entry: string;
  readonly secrets: FleetSecrets;
  agent: Tier;
  gateway?: Tier;
  store: Prometheus;
  /** Before the store. */
  readonly flaky: FlakyStore;
  readonly watch: Watch;
  readonly agentState: string;
  /** As the first time, at the same addresses and with the same queues. */
  startAgent(): Promise<void>;
  startGateway(): Promise<void>;
  startStore(): Promise<void>;
  stop(): Promise<void>;
}

export interface RigOptions {
  readonly hasGateway?: boolean;
  /** Added to the file of the agent. */
  readonly agentMore?: readonly string[];
  /** The agent keeps its queues on a disk of this size, which is gone with it. */
  readonly agentDisk?: string;
}

export async function startRig({ hasGateway = false, agentMore = [], agentDisk }: RigOptions = {}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-chaos-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const secrets = await fleetSecrets();
    stops.push(() => secrets.remove());
    const agentState = join(folder, 'agent');
    const [storePort] = await freePorts(1);
    const rig = { secrets, agentState, stop } as Rig & { entry: string; flaky: FlakyStore; watch: Watch };
    rig.startStore = async () => {
      const started = await startPrometheus({
        ...(storePort === undefined ? {} : { port: storePort }),
        dataFolder: join(folder, 'store'),
        rules: [],
      });
      rig.store = started;
    };
    await rig.startStore();
    stops.push(() => rig.store.stop());
    rig.flaky = await startFlakyStore(rig.store.url);
    stops.push(() => rig.flaky.stop());
    const metricsEndpoint = `${rig.flaky.url}/api/v1/otlp`;
    let gatewayPorts: readonly number[] | undefined;
    rig.startGateway = async () => {
      const environment = {
        ...secrets.environment,
        COLLECTOR_STATE_DIR: join(folder, 'gateway'),
        COLLECTOR_METRICS_ENDPOINT: metricsEndpoint,
        COLLECTOR_INSTANCE: 'gateway-0',
      };
      rig.gateway = await startTier('gateway/gateway.yaml', environment, {
        ...(gatewayPorts && { ports: gatewayPorts }),
      });
      gatewayPorts = rig.gateway.ports;
    };
    if (hasGateway) {
      await rig.startGateway();
      stops.push(async () => rig.gateway?.stop());
    }
    let agentPorts: readonly number[] | undefined;
    rig.startAgent = async () => {
      const options = {
        more: agentMore,
        ...(agentPorts && { ports: agentPorts }),
        ...(agentDisk && { disk: agentDisk }),
      };
      const environment = { COLLECTOR_STATE_DIR: agentState };
      rig.agent = await (rig.gateway === undefined
        ? startTier('agent/agent.yaml', { ...environment, COLLECTOR_METRICS_ENDPOINT: metricsEndpoint }, options)
        : startTier(
            'agent/forward.yaml',
            { ...secrets.environment, ...environment, COLLECTOR_GATEWAY_ENDPOINT: rig.gateway.otlpGrpc },
            options,
          ));
      agentPorts = rig.agent.ports;
    };
    await rig.startAgent();
    stops.push(() => rig.agent.stop());
    rig.entry = rig.agent.otlpHttp;
    rig.watch = await startWatch({
      collector: rig.agent.telemetryTarget,
      prometheus: new URL(rig.store.url).host,
      ...(rig.gateway && { gateway: rig.gateway.telemetryTarget }),
    });
    stops.push(() => rig.watch.stop());
    return rig;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Puts a certificate in the place of the gateway's that ended yesterday; gives the function that puts the first one back. */
export async function expireCertificate({ secrets }: Rig): Promise<() => Promise<void>> {
  const run = promisify(execFile);
  const { COLLECTOR_TLS_CERT_FILE: certificate = '', COLLECTOR_TLS_KEY_FILE: key = '' } = secrets.environment;
  const good = `${certificate}.good`;
  const request = `${certificate}.request`;
  await run('cp', [certificate, good]);
  const openssl = systemProgram('openssl');
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await run(openssl, ['req', '-new', '-batch', '-key', key, '-out', request, ...name]);
  const sign = ['-req', '-in', request, '-signkey', key, '-copy_extensions', 'copy', '-days', '-1'];
  await run(openssl, ['x509', ...sign, '-out', certificate]);
  return async () => void (await run('cp', [good, certificate]));
}
