import type { Receiver } from '@benchlab-otel/core';
import { type AgentReceiverOptions, agentReceiver } from '@benchlab-otel/wire';
import { type BenchlabReceiverOptions, benchlabReceiver } from './benchlab/receiver.ts';
import { type HostReceiverOptions, hostReceiver } from './host/receiver.ts';
import { type NvmlReceiverOptions, nvmlReceiver } from './nvml/receiver.ts';

/** Options of every receiver, by its name. */
export interface ReceiverOptions {
  readonly agent: AgentReceiverOptions;
  readonly benchlab: BenchlabReceiverOptions;
  readonly host: HostReceiverOptions;
  readonly nvml: NvmlReceiverOptions;
}

/** Every receiver of this package. A new one is a folder, a line of options and a line here; the contract suite finds it. */
export const receivers: { readonly [Name in keyof ReceiverOptions]: (options?: ReceiverOptions[Name]) => Receiver } = {
  agent: agentReceiver,
  benchlab: benchlabReceiver,
  host: hostReceiver,
  nvml: nvmlReceiver,
};
