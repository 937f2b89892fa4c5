// Runs one command to its end and keeps what it prints.
import { spawn } from 'node:child_process';
import { root } from './workspaces.mjs';

/** More than this is not read by people: the end is kept. */
const outputLimitChars = 200_000;

/**
 * `{ code, output, seconds }`; never rejects. Standard output and standard error come in the order in which they arrive.
 * A command that is not there, one that a signal ends and one that runs longer than `limitMs` have code 1 and a line that
 * states it. At the limit, the command and all that it started in its process group are killed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, limitMs?: number }} options
 * @returns {Promise<{ code: number, output: string, seconds: number }>}
 */
export function run(command, args, { cwd = root, env = process.env, limitMs } = {}) {
  return new Promise((resolve) => {
    const started = Date.now();
    const isGroup = limitMs !== undefined;
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: isGroup });
    let output = '';
    const keep = (text) => {
      output = `${output}${text}`.slice(-outputLimitChars);
    };
    const timer = isGroup
      ? setTimeout(() => {
          keep(`\n${command} ${args.join(' ')} was stopped after ${limitMs / 1000} s.\n`);
          process.kill(-child.pid, 'SIGKILL');
        }, limitMs)
      : undefined;
    const end = (code) => {
      clearTimeout(timer);
      resolve({ code, output, seconds: (Date.now() - started) / 1000 });
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => {
      keep(`${command} cannot be started: ${error.message}\n`);
      end(1);
    });
    child.on('close', (code, signal) => {
      if (code === null) keep(`\n${command} was ended by ${signal}.\n`);
      end(code ?? 1);
    });
  });
}
