import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, constants, open } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BenchlabError } from '@benchlab-otel/core';
import { bareEnvironment } from '../program/bareEnvironment.ts';
import { type FindProgram, systemProgram } from '../program/systemProgram.ts';
import { endWithParent } from './endWithParent.ts';

/** Characters of the standard error of the program that are kept for the message of a failure. */
const maxErrorText = 4096;
/** How long a pipeline may take to end after SIGINT, ms: encoders still write the frames that they hold. */
const patienceMs = 5000;

export interface GstProcessEvents {
  trace(bytes: Buffer): void;
  /** The program has exited and all of its trace was read. No error: it ended in order, by itself or after `stop`. */
  exited(error?: BenchlabError): void;
}

/** A pipeline that runs. */
export interface GstProcess {
  /** Ends the pipeline in order, and kills it after five seconds. Resolves when all of its trace was read. */
  stop(): Promise<void>;
}

/**
 * `gst-launch-1.0` of the system with the `stats` tracer, whose log comes through a FIFO: standard error stays the program's own.
 *
 * @throws BenchlabError UNSUPPORTED where GStreamer is absent, BAD_OPTION where GST_DEBUG_FILE names another file
 */
export async function startGst(
  pipeline: readonly string[],
  events: GstProcessEvents,
  findProgram: FindProgram = systemProgram,
): Promise<GstProcess> {
  refuseDebugFile(process.env);
  const program = findProgram('gst-launch-1.0');
  if (program === undefined) throw absent();
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-gst-'));
  const fifo = join(folder, 'trace');
  try {
    await makeFifo(fifo);
    const reader = await openFd(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    // We hold a writer too: without one the FIFO would end before the program has opened it.
    const writer = await openFd(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
    const trace = new Socket({ fd: reader, readable: true, writable: false });
    const read = new Promise((resolve) => trace.once('close', resolve));
    // Once the program writes, it has the FIFO open: its name can go, so that nothing is left behind if this process dies.
    const remove = () => rm(folder, { recursive: true, force: true });
    trace.once('data', remove);
    trace.on('data', events.trace).on('error', () => undefined);
    const endTrace = () => closeSync(writer);
    const child = await spawned(program, pipeline, { folder, fifo }).catch((error) => {
      endTrace();
      throw error;
    });
    return supervise(child, {
      exited: events.exited,
      endTrace,
      read: read.then(remove),
    });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function makeFifo(path: string): Promise<void> {
  const noFifo = (cause?: unknown) =>
    new BenchlabError('UNSUPPORTED', `No FIFO can be made at ${path}.`, 'Check that the program mkfifo is installed.', {
      cause,
    });
  const program = systemProgram('mkfifo');
  if (program === undefined) throw noFifo();
  await promisify(execFile)(program, ['-m', '600', path], { env: bareEnvironment(process.env) }).catch((cause) => {
    throw noFifo(cause);
  });
}

interface TracePart {
  readonly exited: GstProcessEvents['exited'];
  /** Closes our writer: the trace ends after the bytes that are in the pipe. */
  endTrace(): void;
  readonly read: Promise<void>;
}

function supervise(child: ChildProcess, { exited, endTrace, read }: TracePart): GstProcess {
  let stopping: Promise<void> | undefined;
  let isKilled = false;
  let lastText = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastText = (lastText + text).slice(-maxErrorText);
  });
  // After the start, an error only means that a signal came too late.
  child.on('error', () => undefined);
  const done = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      endTrace();
      void read.then(() => {
        if (isKilled) exited(killed());
        // SIGINT that comes before the program handles it kills it. No frame has passed then.
        else if (code === 0 || (stopping !== undefined && signal === 'SIGINT')) exited();
        else exited(failed(code, signal, lastText));
        resolve();
      });
    });
  });
  const end = async () => {
    child.kill('SIGINT');
    const impatient = setTimeout(() => {
      isKilled = child.kill('SIGKILL');
    }, patienceMs);
    await done;
    clearTimeout(impatient);
  };
  return {
    stop() {
      // Only once: at a second SIGINT gst-launch no longer waits for its encoders.
      stopping ??= end();
      return stopping;
    },
  };
}

async function spawned(
  program: string,
  pipeline: readonly string[],
  { folder, fifo }: { readonly folder: string; readonly fifo: string },
): Promise<ChildProcess> {
  // -e: SIGINT ends the stream in order. Its own process group: Ctrl-C at a terminal would reach it twice, which aborts.
  const start = () =>
    spawn(program, ['-q', '-e', ...pipeline], {
      env: { ...bareEnvironment(process.env), ...tracing(fifo, process.env) },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
  const child = endWithParent(start, true, folder);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(cannotStart(cause)));
  });
  return child;
}

const openFd = promisify(open);

/** GStreamer has one log. The frames are read from it. */
function refuseDebugFile({ GST_DEBUG_FILE: file }: NodeJS.ProcessEnv): void {
  if (file === undefined || file === '') return;
  const what = `GST_DEBUG_FILE names ${file}, and the log of GStreamer is needed to see its frames.`;
  throw new BenchlabError('BAD_OPTION', what, 'Unset GST_DEBUG_FILE. The frames are in the file of --out.');
}

/** `stats` names elements, pads and buffers. `pipeline` logs the clock (gstpipeline.c). */
function tracing(path: string, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const tracers = (own.GST_TRACERS ?? '').split(';').filter((tracer) => tracer.trim() !== '');
  const debug = (own.GST_DEBUG ?? '').split(',').filter((level) => level.trim() !== '');
  return {
    // The user's own stay. Of two levels of a category the last holds.
    GST_TRACERS: [...tracers.filter((tracer) => tracer.trim() !== 'stats'), 'stats'].join(';'),
    GST_DEBUG: [...debug, 'GST_TRACER:7', 'pipeline:5'].join(','),
    GST_DEBUG_NO_COLOR: '1',
    GST_DEBUG_FILE: path,
  };
}

function absent(): BenchlabError {
  const what = 'There is no GStreamer here: gst-launch-1.0 is not among the programs of the system.';
  const fix = 'Install it (Debian: gstreamer1.0-tools and gstreamer1.0-plugins-base, -good, -bad, -ugly).';
  return new BenchlabError('UNSUPPORTED', what, fix);
}

function cannotStart(cause: Error): BenchlabError {
  const fix = 'Check that this user may run it.';
  return new BenchlabError('UNSUPPORTED', `gst-launch-1.0 cannot be started: ${cause.message}.`, fix, { cause });
}

function killed(): BenchlabError {
  const what = `The pipeline did not end within ${patienceMs / 1000} s and was killed: frames that were in it are lost.`;
  return new BenchlabError(
    'TIMEOUT',
    what,
    'Look for an element that blocks: a sink that waits, a camera that was unplugged.',
  );
}

function failed(code: number | null, signal: NodeJS.Signals | null, errorText: string): BenchlabError {
  const how = signal === null ? `exit code ${code}` : signal;
  const lines = errorText.split('\n').filter((line) => line.trim() !== '');
  const reason =
    lines.find((line) => /ERROR|WARNING|erroneous/.test(line)) ?? lines.at(-1) ?? 'it wrote nothing to standard error';
  return new BenchlabError(
    'UNSUPPORTED',
    `The pipeline failed (${how}): ${reason.trim().replace(/\.$/, '')}.`,
    'Run it with gst-launch-1.0 to see more.',
  );
}
