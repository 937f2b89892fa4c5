import { type BigIntStats, lstatSync, mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { BenchlabError } from '@benchlab-otel/sdk';
import { checkSocketPath } from './socketPath.ts';

/** Owner and group may connect (a connection needs the right to write, unix(7)): group `benchlab` and its members. */
const permissions = 0o660;
const connectTimeoutMs = 1000;

/**
 * Has `server` listen on a Unix socket at `path`, open to its owner and group from the first instant. The file of an
 * agent that died is replaced once a connection to it was refused; one that lives, and anything that is no socket, is
 * left alone.
 *
 * @throws BenchlabError PORT_IN_USE where another one listens; BAD_OPTION where the path cannot be used
 */
export async function listenOnUnixSocket(server: Server, path: string): Promise<void> {
  checkSocketPath(path);
  makeFolder(path);
  await removeStale(path);
  await new Promise<void>((resolve, reject) => {
    // Not once: an error without a listener, later, would end the process.
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(path, error)));
    // The file gets its permissions when it is made, and bind() makes it before listen() returns.
    const before = process.umask(0o777 & ~permissions);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
}

/** One folder, for `/run/user/1000/benchlab`: a whole path that is missing is a typing error. */
function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { mode: 0o755 });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException; // what fs throws
    if (code === 'EEXIST') return;
    const what = `There is no folder ${dirname(path)} for the socket, and it cannot be made (${code}).`;
    const fix = 'Make it, or choose another path: --socket PATH. A systemd service has RuntimeDirectory=benchlab.';
    throw new BenchlabError('BAD_OPTION', what, fix, { cause: thrown });
  }
}

async function removeStale(path: string): Promise<void> {
  const found = statOf(path);
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new BenchlabError(
      'BAD_OPTION',
      `${path} is there and is no socket.`,
      'Choose another path; it was left alone.',
    );
  }
  const answer = await answerOf(path);
  if (answer === 'ENOENT') return;
  if (answer === 'alive') throw inUse(path);
  if (answer !== 'ECONNREFUSED') {
    const what = `${path} is there, and whether an agent has it cannot be told (${answer}).`;
    throw new BenchlabError('PORT_IN_USE', what, 'Run as the user who has it, or choose another path.');
  }
  removeSame(path, found);
}

/** Removes the file that was found dead, and not one that another agent has put there since. */
function removeSame(path: string, found: BigIntStats): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    const moved = statOf(aside);
    if (moved?.ino === found.ino && moved.mtimeNs === found.mtimeNs) {
      unlinkSync(aside);
      return;
    }
    renameSync(aside, path);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException; // what fs throws
    if (code === 'ENOENT') return;
    const what = `${path} is left from an agent that died, and cannot be removed (${code}).`;
    throw new BenchlabError('BAD_OPTION', what, 'Remove it, or choose another path.', { cause: thrown });
  }
  throw inUse(path);
}

function statOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

/** `alive` when somebody takes the connection, else the error's code. */
function answerOf(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const done = (answer: string) => {
      socket.destroy();
      resolve(answer);
    };
    // One that neither takes nor refuses it has a full backlog: it lives, and is very busy.
    socket.setTimeout(connectTimeoutMs, () => done('alive'));
    socket.on('connect', () => done('alive'));
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code === 'EAGAIN' ? 'alive' : (error.code ?? '')));
  });
}

function inUse(path: string, cause?: unknown): BenchlabError {
  const fix = `Stop it (\`fuser ${path}\` names it), use it, or choose another path: --socket PATH.`;
  return new BenchlabError('PORT_IN_USE', `An agent serves samples at ${path} already.`, fix, { cause });
}

function listenError(path: string, error: NodeJS.ErrnoException): BenchlabError {
  if (error.code === 'EADDRINUSE') return inUse(path, error);
  const what = `The agent cannot listen at ${path} (${error.code ?? error.message}).`;
  const fix = 'Choose a path in a folder that this user may write to: --socket PATH.';
  return new BenchlabError('BAD_OPTION', what, fix, { cause: error });
}
