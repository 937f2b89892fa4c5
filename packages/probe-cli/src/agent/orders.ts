import { type Clock, messageOf } from '@benchlab-otel/core';
import type { ReloadSignal, Signals } from '../host/signals.ts';
import type { AgentLogger } from './agentLog.ts';
import type { ConfigReload, ReloadResult } from './configReload.ts';
import { ControlSocket, controlPath } from './control/controlSocket.ts';
import { peerCredentials } from './control/peerCredentials.ts';
import type { ReceiverSet } from './receiverSet.ts';
import type { ServiceManager } from './service/serviceManager.ts';

interface OrderParts {
  readonly reload: ConfigReload;
  readonly receivers: ReceiverSet;
  readonly logger: AgentLogger;
  readonly clock: Clock;
  readonly busPath: string;
  /** What the service manager shows. */
  readonly status: string;
  readonly manager?: ServiceManager;
}

/** Orders to a running agent: by signals, which name no actor, and on its control socket, which does. */
export class Orders {
  readonly #stopListening: () => void;
  /** Signals that came while the agent started. */
  #early = new Set<ReloadSignal>();
  #obey: ((signal: ReloadSignal) => void) | undefined;
  #socket: ControlSocket | undefined;

  constructor(signals: Signals, which?: readonly ReloadSignal[]) {
    this.#stopListening = signals.onReload((signal) => {
      if (this.#obey === undefined) this.#early.add(signal);
      else this.#obey(signal);
    }, which);
  }

  /** The agent runs: takes orders, also those that came before. */
  async take(parts: OrderParts): Promise<void> {
    const { logger, receivers } = parts;
    this.#obey = (signal) => {
      if (signal === 'SIGHUP') return void reloaded(parts, signal);
      logger.info({}, 'The agent looks again at devices that it has left alone.');
      receivers.reload();
    };
    try {
      await this.#listen(parts);
    } catch (error) {
      logger.warn({}, `benchlab-probe agent reload does not work, SIGHUP does. ${messageOf(error)}`);
    }
    for (const signal of this.#early) this.#obey(signal);
    this.#early = new Set();
  }

  /** Safe repeated. */
  async end(): Promise<void> {
    this.#stopListening();
    this.#obey = () => undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    await socket?.stop();
  }

  async #listen(parts: OrderParts): Promise<void> {
    const { logger, clock, busPath } = parts;
    const socket = new ControlSocket({
      path: controlPath(busPath),
      clock,
      peerOf: await peerCredentials(),
      ownUid: process.getuid?.() ?? 0,
      reload: (actor) => reloaded(parts, actor),
      lost: ({ message }) => logger.warn({}, `No order can be given to the agent. ${message}`),
    });
    await socket.start();
    this.#socket = socket;
  }
}

/** Reads the configuration again, and writes one line about it: hashes before and after, and the actor. */
async function reloaded({ reload, logger, manager, status }: OrderParts, actor: unknown): Promise<ReloadResult> {
  manager?.reloading();
  const result = await reload.reload();
  manager?.ready(status);
  const { outcome, before, after, atNextStart, changes, session, notes, error } = result;
  const fields = {
    actor,
    outcome,
    before,
    after,
    ...changes,
    ...(session !== undefined && { session }),
    ...(atNextStart.length > 0 && { atNextStart }),
    ...(notes.length > 0 && { notes }),
  };
  if (error !== undefined) {
    logger.warn(fields, `The configuration was read again and is refused: ${before} still holds. ${error}`);
  } else if (outcome === 'unchanged')
    logger.info(fields, `The configuration was read again and is the same: ${after}.`);
  else logger.info(fields, `The configuration is ${after} now, it was ${before}.`);
  return result;
}
