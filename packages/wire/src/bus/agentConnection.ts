import { connect, type Socket } from 'node:net';
import { BenchlabError, type Source } from '@benchlab-otel/core';
import { diag } from '@opentelemetry/api';
import { checkFolders, checkOwner } from '../sockets/trustedFolder.ts';
import { type ClockBracket, clockBracket } from './agentClock.ts';
import { BusDecoder, type BusListener } from './decoder.ts';
import type { ClockIdentity } from './protocol.ts';

export interface ConnectionParts {
  readonly identity: ClockIdentity;
  /** CLOCK_MONOTONIC, ns. */
  readonly nowNs: () => number;
  readonly consumer: BusListener;
  /** Cancels the attempt. */
  readonly signal: AbortSignal;
  /** The first line was read; undefined when it shows nothing about the agent's clock. Called before anything is delivered. */
  greeted(clock: ClockBracket | undefined): void;
  /** The connection broke: these sources have no more samples. It is not called after `close`. */
  ended(sources: readonly Source[], error: BenchlabError): void;
}

/** A connection to an agent whose first line was read. */
export interface AgentConnection {
  readonly decoder: BusDecoder;
  readonly isEnded: boolean;
  close(): Promise<void>;
}

/**
 * Resolves when the first line of the agent was read.
 *
 * @throws BenchlabError NO_DEVICE when there is no agent, NO_PERMISSION, BAD_OPTION for a path that any user could replace, or
 *   what is wrong with its lines
 */
export function connectAgent(path: string, parts: ConnectionParts): Promise<AgentConnection> {
  return new Promise((resolve, reject) => {
    checkFolders(path, 'another path');
    checkOwner(path, 'another path');
    const askedNs = parts.nowNs();
    const socket = connect(path);
    const closed = new Promise<void>((done) => {
      socket.once('close', () => done());
    });
    let state: 'new' | 'open' | 'ended' = 'new';
    const decoder = new BusDecoder({
      identity: parts.identity,
      nowNs: parts.nowNs,
      consumer: parts.consumer,
      hello: ({ timeNs }) => {
        state = 'open';
        parts.greeted(clockBracket(askedNs, timeNs, parts.nowNs()));
        resolve({
          decoder,
          get isEnded() {
            return state === 'ended';
          },
          close() {
            state = 'ended';
            socket.destroy();
            return closed;
          },
        });
      },
    });
    const end = (error: BenchlabError) => {
      const before = state;
      state = 'ended';
      socket.destroy();
      if (before === 'new') void closed.then(() => reject(error));
      if (before === 'open') parts.ended(decoder.sources, error);
    };
    listen(socket, path, decoder, end, () => state === 'ended');
    const giveUp = () => {
      if (state === 'new') end(new BenchlabError('TIMEOUT', `The agent at ${path} does not answer.`, 'Restart it.'));
    };
    if (parts.signal.aborted) giveUp();
    parts.signal.addEventListener('abort', giveUp, { once: true });
  });
}

function listen(
  socket: Socket,
  path: string,
  decoder: BusDecoder,
  end: (error: BenchlabError) => void,
  isEnded: () => boolean,
): void {
  let unknown = 0;
  socket.on('data', (bytes) => {
    if (isEnded()) return;
    try {
      decoder.push(bytes);
    } catch (thrown) {
      end(asError(thrown, path));
      return;
    }
    if (unknown === 0 && decoder.unknown > 0) {
      diag.warn(`agent: ${path} sends names that this version does not know. They are left out. Update this program.`);
    }
    unknown = decoder.unknown;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => end(connectError(path, error)));
  socket.on('end', () => {
    end(
      new BenchlabError(
        'DEVICE_LOST',
        `The agent at ${path} has ended.`,
        'Check that it runs. It is looked for again.',
      ),
    );
  });
}

function asError(thrown: unknown, path: string): BenchlabError {
  if (thrown instanceof BenchlabError) return thrown;
  return new BenchlabError('BAD_REPLY', `Reading from the agent at ${path} failed.`, 'Please report it.', {
    cause: thrown,
  });
}

function connectError(path: string, error: NodeJS.ErrnoException): BenchlabError {
  const cause = { cause: error };
  if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED' || error.code === 'ENOTDIR') {
    const fix = 'Start one (benchlab-probe agent), or name its socket.';
    return new BenchlabError('NO_DEVICE', `No agent serves samples at ${path}.`, fix, cause);
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    const fix = 'Add the user to the group of the socket (`ls -l` names it) and log in again.';
    return new BenchlabError('NO_PERMISSION', `This user may not connect to the agent at ${path}.`, fix, cause);
  }
  const what = `The connection to the agent at ${path} broke (${error.code ?? error.message}).`;
  return new BenchlabError('DEVICE_LOST', what, 'It is looked for again.', cause);
}
