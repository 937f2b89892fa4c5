import { type Clock, type Receiver, type SampleConsumer, systemClock } from '@benchlab-otel/core';
import { agentSockets, checkSocketPath } from '../sockets/socketPath.ts';
import { AgentRun } from './agentRun.ts';

export interface AgentReceiverOptions {
  /** Of the agent's socket. Default: the user's own agent, else the system's (`agentSockets()`). */
  readonly path?: string;
  readonly clock?: Clock;
}

/**
 * Gets the samples of an agent (`benchlab-probe agent`) on this host: a process that has neither board nor permission
 * for one has its samples all the same, with the times at which the agent took them. When the agent ends, its sources
 * are lost; it is looked for again. Poll reports of the agent's receivers come under their own names.
 *
 * @throws BenchlabError BAD_OPTION for what cannot be the path of a socket
 * @example
 * const history = new SampleHistory();
 * const agent = agentReceiver();
 * await agent.start(history); // not in `receivers`: the agent exports the metrics of the bench already
 * await startTelemetry({ serviceName: 'shop', enrichers: [spanEnergy(history)] });
 */
export function agentReceiver(options: AgentReceiverOptions = {}): Receiver {
  const { path, clock = systemClock } = options;
  if (path !== undefined) checkSocketPath(path);
  const paths = path === undefined ? agentSockets() : [path];
  const name = 'agent';
  let run: AgentRun | undefined;
  let stopping: Promise<void> = Promise.resolve();
  return {
    name,
    async start(consumer: SampleConsumer) {
      if (run) throw new Error(`${name} is already started: stop it first.`);
      const next = new AgentRun({ name, paths, clock, consumer });
      run = next;
      await stopping;
      if (run === next) next.start();
    },
    async stop() {
      const current = run;
      run = undefined;
      if (current) stopping = Promise.all([stopping, current.stop()]).then(() => undefined);
      await stopping;
    },
  };
}
