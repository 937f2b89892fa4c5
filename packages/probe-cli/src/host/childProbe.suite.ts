import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ended } from './testHost.suite.ts';

/** The command as it is installed. */
export const bin = fileURLToPath(new URL('../../bin/benchlab-probe.mjs', import.meta.url));

/** Starts a program with Node in a process of its own, for what needs real signals, streams or a second process. */
export function startNode(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input?: string,
  folder: string = fileURLToPath(new URL('../..', import.meta.url)),
) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    cwd: folder,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  let [out, err] = ['', ''];
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => resolve({ code, out, err }));
  });
  const looks = new Set<() => void>();
  const read = (keep: (text: string) => void) => (text: string) => {
    keep(text);
    for (const look of looks) look();
  };
  child.stdout?.setEncoding('utf8').on(
    'data',
    read((text) => (out += text)),
  );
  child.stderr?.setEncoding('utf8').on(
    'data',
    read((text) => (err += text)),
  );
  /** Resolves once standard output and standard error match. Rejects when the program ends without it. */
  const shown = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(out + err);
        if (match === null) return;
        looks.delete(look);
        resolve(match);
      };
      looks.add(look);
      look();
      void ended.then((end) => reject(new Error(`It ended without ${pattern}: ${JSON.stringify(end)}`)));
    });
  const close = () => child.exitCode ?? child.signalCode ?? child.kill('SIGKILL');
  return { child, ended, shown, close };
}
