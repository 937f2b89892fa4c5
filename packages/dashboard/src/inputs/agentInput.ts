import { type Clock, messageOf } from '@benchlab-otel/core';
import { agentReceiver } from '@benchlab-otel/wire';
import type { DashboardInput } from './dashboardInput.ts';
import type { NamedAddress } from './inputAddress.ts';
import { LineClock } from './lineClock.ts';

/** The power of the benches of an agent of this host, and what happens on its devices. */
export function agentInput({ name, node }: NamedAddress, path: string | undefined, clock: Clock): DashboardInput {
  const receiver = agentReceiver({ clock, ...(path === undefined ? {} : { path }) });
  const times = new LineClock(clock);
  return {
    name,
    node,
    start: (sink) =>
      receiver.start({
        sample({ source, timeNs, totals }) {
          // A GPU's own meter measures a part of the bench: its power is not that of the whole.
          if (totals?.system === undefined || source.boundary !== 'dc_rails') return;
          const mark = source.simulated ? { simulated: true as const } : {};
          const timeMs = times.epochMs(timeNs);
          sink.fact({ kind: 'power', timeMs, node, source: source.name, watts: totals.system, ...mark });
        },
        lost: ({ source, error }) => sink.found('bad', `${source.name} was lost: ${messageOf(error)}`),
        polled({ receiver: polled, outcome, error }) {
          if (polled !== receiver.name) return;
          if (outcome === 'success') sink.changed({ condition: 'open', clock: 'this host' });
          else if (error !== undefined) sink.changed({ condition: 'waiting', reason: messageOf(error) });
        },
        event: ({ source, definition }) => sink.found('warn', `${source.name}: ${definition.name}`),
      }),
    stop: () => receiver.stop(),
  };
}
