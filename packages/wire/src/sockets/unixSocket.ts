import { type BigIntStats, lstatSync, mkdirSync, renameSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { checkFolders } from './trustedFolder.ts';

/** Owner and group may connect, for example members of the group `benchlab`. To connect needs the right to write (unix(7)). */
const permissions = 0o660;
const connectTimeoutMs = 1000;

/**
 * Makes `server` listen on a Unix socket at `path`, open to its owner and group from the first instant. The file of a
 * process that died is replaced after a connection to it was refused. The socket of a process that runs, and a file that is
 * not a socket, are left alone. A folder in which any user could replace the socket is refused.
 *
 * @param otherPath what to choose instead, for errors: `another path: --socket PATH`
 * @throws BenchlabError PORT_IN_USE when another process listens; BAD_OPTION when the path cannot be used
 */
export async function listenOnUnixSocket(server: Server, path: string, otherPath: string): Promise<void> {
  checkFolders(path, otherPath);
  makeFolder(path, otherPath);
  await removeStale(path, otherPath);
  await new Promise<void>((resolve, reject) => {
    // Not once: a later error without a listener would end the process.
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(path, otherPath, error)));
    // bind() makes the file with its permissions, before listen() returns.
    const before = process.umask(0o777 & ~permissions);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
}

/** Makes one folder, for `/run/user/1000/benchlab`. When more is missing, the path has probably a typing error. */
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
  const found = foundAt(path, otherPath);
  if (found === undefined) return;
  if (!found.isSocket()) {
    const fix = `It was left alone. Choose ${otherPath}.`;
    throw new BenchlabError('BAD_OPTION', `${path} exists and is not a socket.`, fix);
  }
  const answer = await answerOf(path);
  if (answer === 'ENOENT') return;
  if (answer === 'alive') throw inUse(path, otherPath);
  if (answer !== 'ECONNREFUSED') {
    const what = `${path} exists, and this process could not find out whether another one listens there (${answer}).`;
    throw new BenchlabError('PORT_IN_USE', what, `Run as the user that owns it, or choose ${otherPath}.`);
  }
  removeSame(path, otherPath, found);
}

/** Removes the file whose process has died, and not one that another process has put there since. */
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
    const what = `${path} is left from a process that died and cannot be removed (${code}).`;
    throw new BenchlabError('BAD_OPTION', what, `Remove it, or choose ${otherPath}.`, { cause: thrown });
  }
  throw inUse(path, otherPath);
}

function foundAt(path: string, otherPath: string): BigIntStats | undefined {
  try {
    return statOf(path);
  } catch (thrown) {
    throw listenError(path, otherPath, thrown as NodeJS.ErrnoException); // what fs throws
  }
}

function statOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

/** `alive` when a process takes the connection, else the code of the error. */
function answerOf(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const done = (answer: string) => {
      socket.destroy();
      resolve(answer);
    };
    // A process that neither takes nor refuses it has a full backlog: it runs and is very busy.
    socket.setTimeout(connectTimeoutMs, () => done('alive'));
    socket.on('connect', () => done('alive'));
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code === 'EAGAIN' ? 'alive' : (error.code ?? '')));
  });
}

function inUse(path: string, otherPath: string, cause?: unknown): BenchlabError {
  const fix = `Stop it (\`fuser ${path}\` names it), connect to it, or choose ${otherPath}.`;
  return new BenchlabError('PORT_IN_USE', `Another process already listens at ${path}.`, fix, { cause });
}

function listenError(path: string, otherPath: string, error: NodeJS.ErrnoException): BenchlabError {
  if (error.code === 'EADDRINUSE') return inUse(path, otherPath, error);
  const what = `This process cannot listen at ${path} (${error.code ?? error.message}).`;
  const fix = `Choose ${otherPath}, in a folder that this user may write to.`;
  return new BenchlabError('BAD_OPTION', what, fix, { cause: error });
}
