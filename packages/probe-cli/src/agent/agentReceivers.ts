import type { Receiver } from '@benchlab-otel/core';
import { benchlabReceiver, hostReceiver, nvmlReceiver } from '@benchlab-otel/hw-receivers';

/** What the agent's command line states about its receivers. */
export interface AgentReceiverOptions extends ReceiverSwitches {
  /** Ports of the boards; all serial ports when empty. */
  readonly port: readonly string[];
  readonly assumeFirmware?: number;
  /** Polls of each board a second. */
  readonly rate: number;
}

/** Whether each receiver is read. */
export type ReceiverSwitches = Readonly<Record<ReceiverName, boolean>>;

type ReceiverName = 'benchlab' | 'host' | 'nvml';

/** The receivers of the agent: a line each, which makes the flag `--no-NAME`. */
export const receivers: Readonly<Record<ReceiverName, { summary: string; create(options?: object): Receiver }>> = {
  benchlab: { summary: 'the boards', create: benchlabReceiver },
  host: { summary: 'processors, memory, disks, network and sensor chips', create: () => hostReceiver() },
  nvml: { summary: 'NVIDIA GPUs', create: () => nvmlReceiver() },
};

/** The receivers that are not switched off. The boards take options from the command line. */
export function agentReceivers(options: AgentReceiverOptions): readonly Receiver[] {
  const { port, rate, assumeFirmware } = options;
  const benchlab = {
    rateHz: rate,
    ...(port.length > 0 ? { ports: port } : {}),
    ...(assumeFirmware === undefined ? {} : { assumeFirmware }),
  };
  const given: Readonly<Partial<Record<ReceiverName, object>>> = { benchlab };
  const names = Object.keys(receivers) as ReceiverName[]; // the table's keys
  return names.filter((name) => options[name]).map((name) => receivers[name].create(given[name]));
}
