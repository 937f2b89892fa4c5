// One step of an installation: a command with a heartbeat, a log, and its last lines where it fails.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stackFolder } from './stack-parts.mjs';

const heartbeatMs = 10_000;
/** A part takes at most 8 minutes on two quiet cores. One that takes this long hangs, or shares its cores with many others. */
const stepLimitMs = 45 * 60_000;
export const tailLines = 25;

/** What the reader can correct: shown without a stack trace. */
export class InstallError extends Error {}

/** Runs one command with a heartbeat. Its output goes to .stack/NAME.log; on failure, the error has the last lines. */
export async function step(
  name,
  command,
  args,
  { cwd = stackFolder, env = process.env, progress = () => 'working' } = {},
) {
  const logFile = join(stackFolder, `${name}.log`);
  const log = createWriteStream(logFile);
  const tail = [];
  const started = Date.now();
  let state = 'starting';
  let child;
  const stop = () => child?.kill('SIGTERM');
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const interrupted = (signal) => {
    stop();
    console.error(
      `stack:install: stopped by ${signal} while working on ${name}. Nothing half-built is kept; run it again.`,
    );
    process.exit(130);
  };
  // Before the command starts: a signal that comes at once must not leave it alone.
  for (const signal of signals) process.once(signal, interrupted);
  child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const heartbeat = setInterval(() => say(`  ${name}: ${state}, ${seconds(started)}`), heartbeatMs);
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    stop();
  }, stepLimitMs);
  const closed = [child.stdout, child.stderr].map(async (stream) => {
    for await (const line of createInterface({ input: stream })) {
      const shown = withoutHosts(line);
      log.write(`${shown}\n`);
      tail.push(shown);
      if (tail.length > tailLines) tail.shift();
      state = progress(shown) ?? state;
    }
  });
  const outcome = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `exit ${code ?? signal}`));
  });
  await Promise.all(closed);
  clearInterval(heartbeat);
  clearTimeout(limit);
  for (const signal of signals) process.off(signal, interrupted);
  await new Promise((resolve) => log.end(resolve));
  if (outcome) {
    const lines = tail.map((line) => `  | ${line}`).join('\n');
    throw new InstallError(
      `${name}: ${command} failed (${isLate ? 'stopped at the limit of 45 minutes; what Go compiled is kept, so run it again' : outcome}) after ${seconds(started)}. The end of .stack/${name}.log:\n${lines}`,
    );
  }
}

/** Logs are shared, and the configuration of a machine is private: the proxy or mirror that it uses is left out. */
export function withoutHosts(text) {
  return text
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s/"'<>]+/gi, '<registry>')
    .replace(/\b(lookup|resolve host:?|host=|dial tcp:?|connecting to) ?\S+/gi, '$1 <registry>')
    .replace(/\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b/g, '<address>');
}

export function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}

export function say(line) {
  console.log(line);
}
