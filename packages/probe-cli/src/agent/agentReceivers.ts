import type { Receiver } from '@benchlab-otel/core';
import { type ReceiverName, receivers } from '@benchlab-otel/hw-receivers';

/** Whether each receiver of the table is read: the flags `--no-NAME`. */
export type ReceiverSwitches = Readonly<Record<ReceiverName, boolean>>;

/** What the agent's command line states about its receivers. */
export interface AgentReceiverOptions extends ReceiverSwitches {
  /** Ports of the boards; all serial ports when empty. */
  readonly port: readonly string[];
  readonly assumeFirmware?: number;
  /** Polls of each board a second. */
  readonly rate: number;
  /** Move each poll of a board by up to half a period at random. */
  readonly dither: boolean;
}

/** The receivers that are not switched off. The boards take options from the command line, the others their defaults. */
export function agentReceivers(options: AgentReceiverOptions): readonly Receiver[] {
  const { port, rate, dither, assumeFirmware } = options;
  const benchlab = {
    rateHz: rate,
    dither,
    ...(port.length > 0 ? { ports: port } : {}),
    ...(assumeFirmware === undefined ? {} : { assumeFirmware }),
  };
  const given: Readonly<Partial<Record<ReceiverName, object>>> = { benchlab };
  const names = Object.keys(receivers) as ReceiverName[]; // the table's keys
  return names.filter((name) => options[name]).map((name) => receivers[name].create(given[name]));
}
