// Runs a command that may be silent for minutes, and shows that it is alive.
import { spawn } from 'node:child_process';

/** People take a terminal that shows nothing for longer to be stuck. */
const signIntervalMs = 4000;

/**
 * Runs one command with its output on this process's. With a title, it prints the title, then the seconds that have passed
 * every four seconds, then how long it took. Resolves with what went wrong, as the end of a sentence; else undefined.
 */
export function shownStep({ title, command, args, cwd, everyMs = signIntervalMs, print = console.error }) {
  const started = Date.now();
  const seconds = (digits) => `${((Date.now() - started) / 1000).toFixed(digits)} s`;
  if (title) print(`${title} …`);
  const timer = title && setInterval(() => print(`… ${title}: ${seconds(0)}`), everyMs);
  return new Promise((resolve) => {
    const end = (fault) => {
      clearInterval(timer);
      if (title && fault === undefined) print(`… done in ${seconds(1)}`);
      resolve(fault);
    };
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', (error) => end(`: ${error.message}`));
    child.once('close', (code, signal) => end(code === 0 ? undefined : ` with ${signal ?? `exit code ${code}`}`));
  });
}
