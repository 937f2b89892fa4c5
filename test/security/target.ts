import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** MB. Without it, V8 lets garbage grow with the memory of the machine, and the bounds of tests would depend on that. */
const heapBound = '--max-old-space-size=256';

/** A program under attack, in a process of its own that ends itself when it takes too much memory. */
export interface Target {
  readonly port: number;
  /** Of the receiver of the probe: `name=value`. */
  readonly header: string;
  /** What it has counted, with the most memory that it took, MB. Rejects when the process has ended. */
  figures(): Promise<Figures>;
}

interface Figures {
  readonly mostMb: number;
  /** The most processor time of the receiver of the probe between two turns of its event loop since they were asked for, ms. */
  readonly mostBusyMs: number;
  readonly received: { readonly requests: number; readonly refusedRequests: number; readonly strangerRequests: number };
}

/** @param limitMb the process ends itself beyond this */
export async function startTarget(name: string, args: readonly string[] = [], limitMb = 600): Promise<Target> {
  const file = fileURLToPath(new URL(`targets/${name}.mjs`, import.meta.url));
  // The workers of Vitest have options of their own.
  const child = fork(file, args, { execArgv: [heapBound], env: { ...process.env, LIMIT_MB: String(limitMb) } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const address = (await messageOf(child)) as Pick<Target, 'port' | 'header'>;
  return {
    ...address,
    async figures() {
      if (child.connected) child.send('figures');
      return (await messageOf(child)) as Figures;
    },
  };
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) throw ended(child);
  const gone = new AbortController();
  const message = once(child, 'message', { signal: gone.signal });
  const exit = () => gone.abort();
  child.once('exit', exit);
  try {
    const [first] = await message;
    return first;
  } catch {
    throw ended(child);
  } finally {
    child.off('exit', exit);
  }
}

function ended({ exitCode, signalCode }: ChildProcess): Error {
  return new Error(`the target has ended: ${signalCode ?? exitCode}`);
}
