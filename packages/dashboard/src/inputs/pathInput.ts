import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Clock, messageOf } from '@benchlab-otel/core';
import type { DashboardInput, InputSink } from './dashboardInput.ts';
import type { NamedAddress } from './inputAddress.ts';
import { KeptInput, lineSource } from './keptInput.ts';

/**
 * A file or a FIFO whose lines are followed, or the folder of a session, which is read.
 *
 * @param isFollowed a session that is recorded now is followed, too. Without it, its frames have the energy of their rows
 */
export function pathInput(address: NamedAddress, path: string, clock: Clock, isFollowed: boolean): DashboardInput {
  let session: DashboardInput | undefined;
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
      if (!(await isFolder(path))) {
        await lines.start(sink);
        return;
      }
      const { FollowedSession, isOpenSession } = await import('./followedSession.ts');
      if (isFollowed && (await isOpenSession(path))) {
        session = new FollowedSession(address, path, clock);
        await session.start(sink);
      } else await readFolder(path, address.node, clock, sink);
    },
    async stop() {
      await lines.stop();
      await session?.stop();
    },
  };
}

async function readFolder(path: string, node: string, clock: Clock, sink: InputSink): Promise<void> {
  try {
    // Loaded for a folder alone: the reader of sessions brings zod, which takes memory and time.
    const { sessionFacts } = await import('./sessionFacts.ts');
    const { facts, clock: times, refused, note } = await sessionFacts(path, node, clock);
    for (const fact of facts) sink.fact(fact);
    if (note !== undefined) sink.found('note', `${basename(path)}: ${note}`);
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
