import {
  type Clock,
  createReceiver,
  knownOptions,
  type OptionNames,
  type Receiver,
  systemClock,
} from '@benchlab-otel/core';
import { agentSockets, checkSocketPath } from '../sockets/socketPath.ts';
import { AgentRun } from './agentRun.ts';

export interface AgentReceiverOptions {
  /** Path of the agent's socket. Default: that of the user's own agent, else that of the system (`agentSockets()`). */
  readonly path?: string;
  readonly clock?: Clock;
}

const optionNames: OptionNames<AgentReceiverOptions> = { path: true, clock: true };

/**
 * Reads the samples of an agent (`benchlab-probe agent`) on this host: a process without a board, or without permission for
 * one, receives its samples with the times at which the agent took them. When the agent ends, its sources are lost, and it
 * is looked for again. Poll reports of the agent's receivers come under their own names.
 *
 * @throws BenchlabError BAD_OPTION for a path that a socket cannot have
 * @example
 * const history = new SampleHistory();
 * const agent = agentReceiver();
 * await agent.start(history); // not in `receivers`: the agent exports the metrics of the bench already
 * await startTelemetry({ serviceName: 'shop', enrichers: [spanEnergy(history)] });
 */
export function agentReceiver(options: AgentReceiverOptions = {}): Receiver {
  knownOptions<AgentReceiverOptions>('agentReceiver', options, optionNames);
  const { path, clock = systemClock } = options;
  if (path !== undefined) checkSocketPath(path);
  const paths = path === undefined ? agentSockets() : [path];
  const name = 'agent';
  return createReceiver(name, (consumer) => new AgentRun({ name, paths, clock, consumer }));
}
