import { execFileSync, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import { systemProgram } from '../../scripts/stack-system.mjs';
import { until } from './process.ts';

const bin = fileURLToPath(new URL('../../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));

/** A command of `benchlab-probe` on a real pseudo-terminal, with a real terminal emulator that reads it. */
export interface ProbeOnTerminal {
  /** Of the process of the command itself. */
  readonly pid: number;
  /** What the terminal shows now, a text a row. */
  lines(): readonly string[];
  /** Resolves when the screen matches. */
  shows(pattern: RegExp): Promise<void>;
  readonly isAlternate: boolean;
  /** All bytes that came. */
  readonly bytes: string;
  type(keys: string): void;
  /** Gives the window another size, as a user does by pulling at it. */
  resize(columns: number, rows: number): void;
  /** The terminal takes nothing until `resume`. */
  pause(): void;
  resume(): void;
  /** As `fg` in a shell does. */
  continue(): void;
  /** Exit code: 128 + N after signal N. */
  readonly ended: Promise<number | null>;
  close(): void;
}

/** Starts `benchlab-probe` in a window of some size. script(1) makes the pseudo-terminal and passes the exit code on. */
export async function onTerminal(
  args: readonly string[],
  {
    columns = 80,
    rows = 24,
    env = {},
  }: { columns?: number; rows?: number; env?: Readonly<Record<string, string>> } = {},
): Promise<ProbeOnTerminal> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const words = [process.execPath, bin, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const command = `stty cols ${columns} rows ${rows}; echo "pid=$$."; exec ${words}`;
  const child = spawn(systemProgram('script'), ['-q', '-e', '-f', '-c', command, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  let bytes = '';
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.toString('latin1');
    terminal.write(chunk);
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      process.off('exit', kill);
      resolve(code);
    });
  });
  const lines = () =>
    Array.from(
      { length: terminal.rows },
      (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '',
    );
  const pid = Number(await until('the pid', () => /pid=(\d+)\./.exec(bytes)?.[1]));
  return {
    pid,
    lines,
    shows: async (pattern) => {
      await until(`the screen to show ${pattern}`, () => pattern.test(lines().join('\n'))).catch((error: Error) => {
        throw new Error(`${error.message} It shows:\n${lines().join('\n')}`);
      });
    },
    get isAlternate() {
      return terminal.buffer.active.type === 'alternate';
    },
    get bytes() {
      return bytes;
    },
    type: (keys) => void child.stdin.write(keys),
    resize(newColumns, newRows) {
      terminal.resize(newColumns, newRows);
      const tty = readlinkSync(`/proc/${pid}/fd/0`);
      // The kernel sends SIGWINCH to the process.
      execFileSync(systemProgram('stty'), ['-F', tty, 'cols', String(newColumns), 'rows', String(newRows)]);
    },
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
    continue() {
      // script(1) stops with the process on its terminal, and continues it.
      child.kill('SIGCONT');
      process.kill(pid, 'SIGCONT');
    },
    ended,
    close() {
      kill();
      terminal.dispose();
    },
  };
}
