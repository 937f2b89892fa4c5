import { BenchlabError } from '@benchlab-otel/core';
import { agentSockets } from '@benchlab-otel/wire';
import type { ReloadResult } from '../configReload.ts';
import { askAgent } from './askAgent.ts';
import { controlPath } from './controlSocket.ts';

/** Makes the agent with this sample bus read its configuration again. Without a path the user's own agent, else that of the system. */
export async function reloadAgent(socket: string | undefined): Promise<{ isRefused: boolean; text: string }> {
  const answer = await firstAnswer(socket === undefined ? agentSockets() : [socket]);
  if (typeof answer.outcome !== 'string') {
    const reason = typeof answer.error === 'string' ? answer.error : 'It does not state why.';
    throw new BenchlabError(
      'NO_PERMISSION',
      `The agent refused the reload. ${reason}`,
      'Run it as root or as its user.',
    );
  }
  const result = answer as unknown as ReloadResult; // written by configReload.ts of the same version, or shown as far as it fits
  return { isRefused: result.outcome === 'refused', text: reloadText(result) };
}

async function firstAnswer(sockets: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  let first: unknown;
  for (const socket of sockets) {
    try {
      return await askAgent(controlPath(socket), 'reload');
    } catch (error) {
      if (!(error instanceof BenchlabError) || error.code !== 'NO_DEVICE') throw error;
      first ??= error;
    }
  }
  throw first;
}

/** What a reload did, in lines. */
function reloadText({ outcome, before, after, atNextStart, changes, session, notes, error }: ReloadResult): string {
  if (outcome === 'refused') return `The configuration before, ${before}, still holds.\n${error}`;
  if (outcome === 'unchanged') return `Nothing changed: ${after}.`;
  const list = (name: string, keys: readonly string[] = []) =>
    keys.length === 0 ? [] : [`${name}: ${keys.join(', ')}`];
  return [
    `The configuration is ${after} now, it was ${before}.`,
    ...list('started', changes?.started),
    ...list('stopped', changes?.stopped),
    ...list('runs on', changes?.kept),
    ...list('failed', changes?.failed),
    ...list('records into', session === undefined ? [] : [session]),
    ...list('holds after the next start', atNextStart),
    ...notes,
  ].join('\n');
}
