import { stat } from 'node:fs/promises';
import { type Clock, messageOf } from '@benchlab-otel/core';
import type { DashboardInput, InputSink } from './dashboardInput.ts';
import type { NamedAddress } from './inputAddress.ts';
import { KeptInput, lineSource } from './keptInput.ts';

/** A file or a FIFO whose lines are followed, or the folder of a session, which is read once. */
export function pathInput(address: NamedAddress, path: string, clock: Clock): DashboardInput {
  const lines = new KeptInput({
    ...address,
    clock,
    endsForEver: false,
    open: async () => lineSource(path, address.name, clock),
  });
  return {
    name: address.name,
    node: address.node,
    async start(sink) {
      if (await isFolder(path)) await readFolder(path, address.node, clock, sink);
      else await lines.start(sink);
    },
    stop: () => lines.stop(),
  };
}

async function readFolder(path: string, node: string, clock: Clock, sink: InputSink): Promise<void> {
  try {
    // Loaded for a folder alone: the reader of sessions brings zod, which takes memory and time.
    const { sessionFacts } = await import('./sessionFacts.ts');
    const { facts, clock: times, refused } = await sessionFacts(path, node, clock);
    for (const fact of facts) sink.fact(fact);
    sink.changed({ condition: 'ended', ...(times.kind && { clock: times.kind }), ...(refused && { refused }) });
  } catch (error) {
    sink.changed({ condition: 'lost', reason: messageOf(error) });
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
