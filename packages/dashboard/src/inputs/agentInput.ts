import { type Clock, messageOf } from '@benchlab-otel/core';
import { agentReceiver } from '@benchlab-otel/wire';
import type { DashboardInput } from './dashboardInput.ts';
import type { NamedAddress } from './inputAddress.ts';
import { SampleInput } from './sampleInput.ts';

/** The power of the benches of an agent of this host, and what happens on its devices. */
export function agentInput({ name, node }: NamedAddress, path: string | undefined, clock: Clock): DashboardInput {
  const receiver = agentReceiver({ clock, ...(path === undefined ? {} : { path }) });
  const samples = new SampleInput(name, node, clock);
  return {
    name,
    node,
    async start(sink) {
      // The agent may be absent: its polls report how the connection is.
      await samples.start({
        fact: (fact) => sink.fact(fact),
        found: (severity, text) => sink.found(severity, text),
        changed: () => undefined,
      });
      await receiver.start({
        sample: (sample) => samples.sample(sample),
        lost: (loss) => samples.lost(loss),
        event: (event) => samples.event(event),
        polled({ receiver: polled, outcome, error }) {
          if (polled !== receiver.name) return;
          if (outcome === 'success') sink.changed({ condition: 'open', clock: 'this host' });
          else if (error !== undefined) sink.changed({ condition: 'waiting', reason: messageOf(error) });
        },
      });
    },
    async stop() {
      await receiver.stop();
      await samples.stop();
    },
  };
}
