import type { BenchlabError } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { meterDisagreement } from '@benchlab-otel/enrichers';
import { startTelemetry } from '@benchlab-otel/node';
import { SampleBus } from '@benchlab-otel/wire';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { onMetricsPort } from '../host/metricsPort.ts';
import { component } from '../run/runEvents.ts';
import { AgentLog } from './agentLog.ts';
import type { AgentPage } from './agentPage.ts';
import { agentTelemetry } from './agentTelemetry.ts';
import { pageAddress } from './config/bind.ts';
import { namedByOrigin } from './config/namedByOrigin.ts';
import { type ConfigRequest, type ReadConfig, readConfig } from './config/readConfig.ts';
import { ConfigReload } from './configReload.ts';
import { EarlyLines } from './earlyLines.ts';
import { checkEndpoint } from './endpoint.ts';
import { Orders } from './orders.ts';
import { plannedReceivers, type ReceiverPlan } from './plannedReceivers.ts';
import { ReceiverSet } from './receiverSet.ts';
import { AgentRecording } from './recording/agentRecording.ts';
import { recordingPlan } from './recording/recordingPlan.ts';
import { AgentHealth } from './service/agentHealth.ts';
import { type ServiceManager, serviceManager } from './service/serviceManager.ts';

/**
 * Owns the devices of this host and serves their samples, as metrics and on the sample bus, until a signal ends it. Its
 * log goes to standard output, JSON lines.
 */
export async function runAgent(host: CommandHost, request: ConfigRequest): Promise<number> {
  const read = await readConfig(request);
  try {
    return await runConfigured(host, request, read);
  } catch (error) {
    throw namedByOrigin(error, read.origins);
  }
}

async function runConfigured(host: CommandHost, request: ConfigRequest, read: ReadConfig): Promise<number> {
  const { agent, otlp } = read.config;
  // Wrong options throw before anything is started.
  plannedReceivers(read);
  recordingPlan(read, { busPath: '', node: undefined });
  if (otlp.endpoint !== undefined) checkEndpoint('otlp', otlp.endpoint);
  const { node_name: node } = read.config.general;
  const bus = new SampleBus({
    ...(agent.socket === undefined ? {} : { path: agent.socket }),
    ...(node === undefined ? {} : { node }),
  });
  // The end of its terminal ends it. Without one, SIGHUP is an order.
  const isInteractive = host.input.isTerminal;
  const ending = untilSignalOr(undefined, host, isInteractive ? undefined : ['SIGINT', 'SIGTERM']);
  const orders = new Orders(host.signals, isInteractive ? ['SIGUSR2'] : undefined);
  const board = agent.simulate ? await emulateBoard({ bench: hostLoadBench() }) : undefined;
  const plan = (config: ReadConfig) => plannedReceivers(config, board?.path);
  const early = new EarlyLines();
  let page: AgentPage | undefined;
  try {
    page = await pageOf(host, read, early);
    await bus.start();
    const again = () => readAgain(request, read);
    await serve({ host, read, plan, bus, page, early, orders, ended: ending.ended, again });
    return 0;
  } finally {
    ending.end();
    await orders.end();
    await page?.stop();
    await bus.stop();
    await board?.close();
  }
}

/** A file that was there at the start and is missing now is a mistake, and not the default of every key. */
function readAgain(request: ConfigRequest, { path }: ReadConfig): Promise<ReadConfig> {
  return readConfig({ ...request, path: path ?? request.path });
}

/** Loaded where it is wanted: it takes memory. */
async function pageOf(host: CommandHost, read: ReadConfig, early: EarlyLines): Promise<AgentPage | undefined> {
  const { bind } = read.config.web;
  if (bind === undefined) return undefined;
  const { agentPage } = await import('./agentPage.ts');
  return agentPage(host, read, bind, (trouble) => early.warn({}, `dashboard: ${trouble}`));
}

interface ServedParts {
  readonly host: CommandHost;
  readonly read: ReadConfig;
  readonly plan: (read: ReadConfig) => ReceiverPlan;
  readonly bus: SampleBus;
  readonly page: AgentPage | undefined;
  readonly early: EarlyLines;
  readonly orders: Orders;
  readonly ended: Promise<void>;
  readonly again: () => Promise<ReadConfig>;
}

async function serve(parts: ServedParts): Promise<void> {
  const { host, read, plan, bus, page, early, orders, ended, again } = parts;
  const { clock, environment } = host;
  const dashboard = await page?.start();
  const planned = plan(read);
  for (const note of [...read.notes, ...planned.notes]) early.warn({}, note);
  const receivers = new ReceiverSet(planned.receivers, clock);
  // Its processes read the same file.
  const ownHost = { ...host, environment: { ...environment, BENCHLAB_CONFIG: read.path } };
  const recording = new AgentRecording(ownHost, early, { stages: page?.consumer });
  const health = new AgentHealth(receivers, clock, () => recording.findings);
  const record = async (config: ReadConfig) => {
    await recording.change(recordingPlan(config, { busPath: bus.path, node: read.config.general.node_name }));
    return recording.folder;
  };
  // A folder on a share that is away is waited for by nothing else.
  void record(read);
  const manager = await managerOf(environment, clock.nowNs, ({ message }) => early.warn({}, message));
  const { host: address, port } = pageAddress(read.config.prometheus.bind);
  const log = new AgentLog(early, () => clock.nowNs());
  const consumers = [bus, meterDisagreement(), recording, log, ...(page === undefined ? [] : [page.consumer])];
  const telemetry = await onMetricsPort(address, port, () =>
    startTelemetry(agentTelemetry(host, read, { receivers, consumers, health })),
  ).catch(async (error) => {
    await recording.stop();
    throw error;
  });
  try {
    const { logger, metricsUrl, events } = telemetry;
    const names = planned.receivers.map(({ key }) => key);
    const kinds = [...new Set(planned.receivers.map(({ name }) => name))].join(', ');
    events.emit({ event: 'launch', component, diagnostics: { command: 'agent', receivers: kinds } });
    const reload = new ConfigReload(read, { receivers, read: again, plan, record });
    const status = `Serves ${names.length} receivers at ${bus.path}`;
    await orders.take({ reload, receivers, logger, clock, busPath: bus.path, status, ...(manager && { manager }) });
    const config = { file: read.path, hash: read.hash };
    const served = { metrics: metricsUrl, ...(dashboard !== undefined && { dashboard }), socket: bus.path };
    logger.info({ receivers: names, ...served, config }, 'The agent runs.');
    early.passTo(logger);
    health.runs(manager, (why) => logger.error({}, `The watchdog is not fed. ${why}`));
    manager?.ready(status);
    await ended;
    health.ends();
    manager?.stopping();
    await orders.end();
    logger.info('The agent ends.');
    events.emit({ event: 'completion', component, diagnostics: { command: 'agent', exit_code: 0 } });
  } finally {
    health.ends();
    // Each has 4 s: a session on a dead share does not keep the last metrics from leaving, nor the other way round.
    await Promise.all([recording.stop(), telemetry.shutdown()]);
    manager?.close();
  }
}

async function managerOf(
  environment: NodeJS.ProcessEnv,
  nowNs: () => number,
  failed: (error: BenchlabError) => void,
): Promise<ServiceManager | undefined> {
  try {
    return await serviceManager(environment, nowNs);
  } catch (error) {
    failed(error as BenchlabError); // all that it throws
    return undefined;
  }
}
