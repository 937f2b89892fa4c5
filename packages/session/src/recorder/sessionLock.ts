import { readFileSync, readlinkSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { BenchlabError, isObject, messageOf } from '@benchlab-otel/core';
import { sessionPaths } from '../folder/sessionPaths.ts';

/** Which process writes a session. A number of a process is used again, so it is one with its start time. */
interface LockOwner {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat, in ticks since the host started (proc(5)). */
  readonly startTime: string;
  readonly bootId: string;
  /** Numbers of processes are comparable within it. */
  readonly pidNamespace: string;
  readonly host: string;
}

/** `stale`: the process is gone. `owner` is absent for a lock that cannot be read. */
export type LockState = { readonly state: 'free' } | { readonly state: 'held' | 'stale'; readonly owner?: LockOwner };

/** Held until it is released. */
export interface SessionLock {
  /** Whether a process that is gone held it since this host started. Absent: no lock was there. */
  readonly isOfThisBoot?: boolean;
  release(): Promise<void>;
}

/** A recorder writes `session.json` each 60 s: where its process cannot be seen, it is gone after two and a half of them. */
const silentMs = 150_000;
/** A lock is made and then written: one without text is being made. */
const writingMs = 5_000;

/**
 * Takes the lock of a session. That of a process that is gone is taken over.
 *
 * @throws BenchlabError BAD_OPTION when another process has it
 */
export async function lockSession(folder: string): Promise<SessionLock> {
  const { lock } = sessionPaths(folder);
  const own = `${JSON.stringify(thisProcess())}\n`;
  let before: LockOwner | undefined;
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await wrote(lock, own)) {
      const isOfThisBoot = before && before.bootId === thisProcess().bootId;
      return { ...(isOfThisBoot === undefined ? {} : { isOfThisBoot }), release: () => release(lock, own) };
    }
    const found = await lockState(folder);
    if (found.state === 'held') throw held(folder, found.owner);
    if (found.state === 'free') continue;
    before = found.owner ?? before;
    await removeStale(lock, folder);
  }
  throw held(folder, undefined);
}

/** Whether a process writes the session. */
export async function lockState(folder: string): Promise<LockState> {
  const { lock, file } = sessionPaths(folder);
  const text = await readFile(lock, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { state: 'free' };
  const owner = ownerOf(text);
  if (owner === undefined) return { state: (await ageMs(lock)) < writingMs ? 'held' : 'stale' };
  return { state: (await isAlive(owner, file)) ? 'held' : 'stale', owner };
}

async function isAlive(owner: LockOwner, file: string): Promise<boolean> {
  const { bootId, pidNamespace, host } = thisProcess();
  if (owner.bootId === bootId && owner.pidNamespace === pidNamespace) {
    if (startTimeOf(owner.pid) === owner.startTime) return true;
    // Where /proc hides the processes of others (hidepid), not even the first is seen.
    if (startTimeOf(1) !== undefined) return false;
  } else if (owner.host === host && owner.bootId !== bootId) return false;
  // A process of another host or container: it writes session.json while it lives.
  return (await ageMs(file)) < silentMs;
}

async function ageMs(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? Number.POSITIVE_INFINITY : Date.now() - found.mtimeMs;
}

async function wrote(lock: string, text: string): Promise<boolean> {
  const file = await open(lock, 'wx', 0o640).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
    const fix = 'Check that this user may write there, and that the disk has room.';
    throw new BenchlabError('BAD_OPTION', `${lock} cannot be made: ${messageOf(error)}.`, fix, { cause: error });
  });
  if (file === undefined) return false;
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  return true;
}

/** Two processes may find the same stale lock: the second must not remove the new lock of the first. */
async function removeStale(lock: string, folder: string): Promise<void> {
  const aside = `${lock}.${process.pid}`;
  const moved = await rename(lock, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const owner = ownerOf(await readFile(aside, 'utf8').catch(() => ''));
  const isLive = owner !== undefined && (await isAlive(owner, sessionPaths(folder).file));
  if (isLive) await rename(aside, lock);
  else await rm(aside, { force: true });
}

async function release(lock: string, own: string): Promise<void> {
  const text = await readFile(lock, 'utf8').catch(() => undefined);
  if (text === own) await rm(lock, { force: true });
}

function thisProcess(): LockOwner {
  return {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? '',
    bootId: textOf('/proc/sys/kernel/random/boot_id'),
    pidNamespace: linkOf('/proc/self/ns/pid'),
    host: hostname(),
  };
}

/** Undefined when there is no such process. */
function startTimeOf(pid: number): string | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold anything.
  return text === '' ? undefined : text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function ownerOf(text: string): LockOwner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { pid, startTime, bootId, pidNamespace, host } = value;
    if (!Number.isSafeInteger(pid)) return undefined;
    if (![startTime, bootId, pidNamespace, host].every((each) => typeof each === 'string')) return undefined;
    return value as unknown as LockOwner; // each field was checked
  } catch {
    return undefined;
  }
}

function held(folder: string, owner: LockOwner | undefined): BenchlabError {
  const which = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  const fix = 'End that recording first, or record into another session.';
  return new BenchlabError('BAD_OPTION', `${folder} is being written by ${which}.`, fix);
}
