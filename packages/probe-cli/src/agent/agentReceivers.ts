import type { Receiver } from '@benchlab-otel/core';
import { benchlabReceiver, hostReceiver, nvmlReceiver } from '@benchlab-otel/hw-receivers';
import type { ReceiverSwitches } from './receiverSummaries.ts';

/** What the agent's command line states about its receivers. */
export interface AgentReceiverOptions extends ReceiverSwitches {
  /** Ports of the boards; all serial ports when empty. */
  readonly port: readonly string[];
  readonly assumeFirmware?: number;
  /** Polls of each board a second. */
  readonly rate: number;
}

/** The receivers that are not switched off, with their options. */
export function agentReceivers(options: AgentReceiverOptions): readonly Receiver[] {
  const { port, rate, assumeFirmware } = options;
  const receivers: { readonly [Name in keyof ReceiverSwitches]: () => Receiver } = {
    benchlab: () =>
      benchlabReceiver({
        rateHz: rate,
        ...(port.length > 0 ? { ports: port } : {}),
        ...(assumeFirmware === undefined ? {} : { assumeFirmware }),
      }),
    host: () => hostReceiver(),
    nvml: () => nvmlReceiver(),
  };
  const names = Object.keys(receivers) as (keyof ReceiverSwitches)[]; // the keys of the table above
  return names.filter((name) => options[name]).map((name) => receivers[name]());
}
