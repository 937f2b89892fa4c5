import { type BigIntStats, lstatSync, mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { checkSocketPath } from './socketPath.ts';

/** Owner and group may connect (a connection needs the right to write, unix(7)): group `benchlab` and its members. */
const permissions = 0o660;
const connectTimeoutMs = 1000;

/**
 * Has `server` listen on a Unix socket at `path`, open to its owner and group from the first instant. The file of a
 * process that died is replaced once a connection to it was refused; one that lives, and anything that is no socket, is
 * left alone.
 *
 * @param otherPath how whoever chose the path chooses another: `another path: --socket PATH`
 * @throws BenchlabError PORT_IN_USE where another one listens; BAD_OPTION where the path cannot be used
 */
export async function listenOnUnixSocket(server: Server, path: string, otherPath: string): Promise<void> {
  checkSocketPath(path);
  makeFolder(path, otherPath);
  await removeStale(path, otherPath);
  await new Promise<void>((resolve, reject) => {
    // Not once: an error without a listener, later, would end the process.
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(path, otherPath, error)));
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
function makeFolder(path: string, otherPath: string): void {
  try {
    mkdirSync(dirname(path), { mode: 0o755 });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException; // what fs throws
    if (code === 'EEXIST') return;
    const what = `There is no folder ${dirname(path)} for the socket, and it cannot be made (${code}).`;
    const fix = `Make it, or choose ${otherPath}. A systemd service has RuntimeDirectory=benchlab.`;
    throw new BenchlabError('BAD_OPTION', what, fix, { cause: thrown });
  }
}

async function removeStale(path: string, otherPath: string): Promise<void> {
  const found = statOf(path);
  if (found === undefined) return;
  if (!found.isSocket()) {
    const fix = `Choose ${otherPath}. It was left alone.`;
    throw new BenchlabError('BAD_OPTION', `${path} is there and is no socket.`, fix);
  }
  const answer = await answerOf(path);
  if (answer === 'ENOENT') return;
  if (answer === 'alive') throw inUse(path, otherPath);
  if (answer !== 'ECONNREFUSED') {
    const what = `${path} is there, and whether a process has it cannot be told (${answer}).`;
    throw new BenchlabError('PORT_IN_USE', what, `Run as the user who has it, or choose ${otherPath}.`);
  }
  removeSame(path, otherPath, found);
}

/** Removes the file that was found dead, and not one that another process has put there since. */
function removeSame(path: string, otherPath: string, found: BigIntStats): void {
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
    const what = `${path} is left from a process that died, and cannot be removed (${code}).`;
    throw new BenchlabError('BAD_OPTION', what, `Remove it, or choose ${otherPath}.`, { cause: thrown });
  }
  throw inUse(path, otherPath);
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

function inUse(path: string, otherPath: string, cause?: unknown): BenchlabError {
  const fix = `Stop it (\`fuser ${path}\` names it), use it, or choose ${otherPath}.`;
  return new BenchlabError('PORT_IN_USE', `Another process listens at ${path} already.`, fix, { cause });
}

function listenError(path: string, otherPath: string, error: NodeJS.ErrnoException): BenchlabError {
  if (error.code === 'EADDRINUSE') return inUse(path, otherPath, error);
  const what = `Nothing can listen at ${path} (${error.code ?? error.message}).`;
  const fix = `Choose ${otherPath}, in a folder that this user may write to.`;
  return new BenchlabError('BAD_OPTION', what, fix, { cause: error });
}
