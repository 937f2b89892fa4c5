import { type ResourceLimits, Worker, type WorkerOptions } from 'node:worker_threads';
import { here } from '../../here.js';
import { leaveDespite } from './leaveDespite.ts';
import { moduleMissing, threadError } from './threadError.ts';

/** A thread that may hang inside a driver or the kernel. One request at a time. */
export interface WorkerThread<Request, Reply> {
  /** Rejects when the thread has ended. May never settle. */
  ask(request: Request): Promise<Reply>;
  /**
   * Ends it: no answer comes after this. Resolves when the thread has ended, or after a second with `hanging`, a promise
   * that resolves when the thread ends: it is inside a native call then.
   */
  end(): Promise<{ readonly hanging?: Promise<unknown> }>;
}

export interface ThreadOptions {
  /** The compiled module that answers the requests. */
  readonly entry: URL;
  /** For tools that list threads. */
  readonly name: string;
  readonly workerData: unknown;
  /** A thread that keeps little needs no large heap. */
  readonly resourceLimits?: ResourceLimits;
}

/** A thread ends within milliseconds. One that is inside a native call may never end. */
const endLimitMs = 1000;

/** A call that hangs in such a thread stops that thread only. @throws BenchlabError when Node may not start threads */
export function startThread<Request, Reply>(options: ThreadOptions): WorkerThread<Request, Reply> {
  const { entry, name, ...rest } = options;
  const worker = started(entry, { name, ...rest, execArgv: [], env: ownEnvironment() });
  let settle: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    settle?.reject(failure);
  };
  worker.on('message', (reply: Reply) => settle?.resolve(reply));
  worker.on('error', (error) => fail(threadError(name, error) as Error));
  worker.on('exit', () => fail(new Error(`The thread ${name} has ended.`)));
  return {
    ask(request) {
      return new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        settle = { resolve, reject };
        worker.postMessage(request);
      });
    },
    async end() {
      settle = undefined;
      worker.removeAllListeners('message');
      const ended = worker.terminate();
      const isGone = await Promise.race([ended.then(() => true), delay(endLimitMs)]);
      if (isGone) return {};
      worker.unref();
      await leaveDespite(ended);
      return { hanging: ended };
    },
  };
}

function started(entry: URL, options: WorkerOptions & { readonly name: string }): Worker {
  try {
    return new Worker(entry, options);
  } catch (thrown) {
    throw threadError(options.name, thrown);
  }
}

/**
 * Node runs the modules that NODE_OPTIONS names (`--import telemetry.mjs`) in each thread too. One that starts a receiver
 * would start a thread without an end.
 */
function ownEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: '' };
}

/**
 * A compiled ES module of this package. Sources and CommonJS start it too: Node 20 does not run TypeScript, and a thread has a
 * module system of its own.
 *
 * @param compiled its path below `dist`: `nvml/worker.js`
 * @throws BenchlabError in a bundle of CommonJS, where a module does not know its place
 */
export function compiledEntry(compiled: string, packageFile: string = here ?? ''): URL {
  if (!URL.canParse(packageFile)) throw moduleMissing(compiled, 'the program does not know where its modules are');
  return new URL(`./dist/${compiled}`, packageFile);
}

function delay(ms: number): Promise<false> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ms).unref();
  });
}
