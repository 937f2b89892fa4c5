import type { Readable } from 'node:stream';
import { type Clock, systemClock } from '@benchlab-otel/core';
import { agentInput } from './agentInput.ts';
import { connectedLines } from './connectedLines.ts';
import type { DashboardInput } from './dashboardInput.ts';
import { inputAddress } from './inputAddress.ts';
import { KeptInput, lineSource } from './keptInput.ts';
import { pathInput } from './pathInput.ts';

export interface OpenInputOptions {
  /** Standard input of this process. Default: that of Node. */
  readonly stdin?: () => Readable;
  readonly clock?: Clock;
  /** False reads a session that is recorded now once, as one that has ended. Default: true. */
  readonly isFollowed?: boolean;
  /** The node of an address that names none. Default: `local`. */
  readonly node?: string;
}

/**
 * The input of a dashboard that `[NODE=]ADDRESS` names: see `inputAddress()`. A new kind of input is one line here.
 *
 * @throws OptionError for another address
 * @example
 * const input = openInput('rig-07=unix:/run/app/events.sock');
 * await input.start({ fact: console.log, changed: () => {}, found: () => {} });
 */
export function openInput(given: string, options: OpenInputOptions = {}): DashboardInput {
  const { stdin = () => process.stdin, clock = systemClock } = options;
  const named = inputAddress(given, options.node);
  const { address, name } = named;
  const kept = (open: () => Promise<ReturnType<typeof lineSource>>, endsForEver = false) =>
    new KeptInput({ ...named, open, clock, endsForEver });
  if (address.kind === 'stdin') return kept(async () => lineSource(stdin(), name, clock), true);
  if (address.kind === 'agent') return agentInput(named, address.path, clock);
  if (address.kind === 'path') return pathInput(named, address.path, clock, options.isFollowed ?? true);
  return kept(() => connectedLines(address, name, clock));
}
