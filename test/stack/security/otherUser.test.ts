// Another user of the host, in folders that both can reach, against the agent, its readers and the files of the probe.
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemProgram } from '../../../scripts/stack-system.mjs';
import { inRepository } from '../deploy/checks.ts';

const bin = inRepository('packages/probe-cli/bin/benchlab-probe.mjs');
const attacker = '54321';
const run = promisify(execFile);

let folder = '';
beforeEach(async () => {
  // Open to all with the sticky bit, as /tmp is.
  folder = await mkdtemp(join(tmpdir(), 'benchlab-shared-'));
  await chmod(folder, 0o1777);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a script of sh as the other user. */
const asAttacker = (script: string) =>
  run(systemProgram('setpriv'), ['--reuid', attacker, '--regid', attacker, '--clear-groups', 'sh', '-c', script], {
    cwd: folder,
  });

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** The probe, as this user. */
function started(args: readonly string[]) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, text })));
  return { child, ended, shown: (pattern: RegExp) => vi.waitUntil(() => pattern.test(text), { timeout: 60_000 }) };
}

const agent = (socket: string) =>
  started(['agent', '--simulate', '--socket', socket, '--metrics-port', '0', '--no-host', '--no-nvml']);

describe.runIf(process.getuid?.() === 0)('another user of the host (needs root)', () => {
  test('cannot offer a socket in place of an agent', async () => {
    const path = join(folder, 'agent.sock');
    const server = spawn(
      systemProgram('setpriv'),
      [
        ...['--reuid', attacker, '--regid', attacker, '--clear-groups', process.execPath, '-e'],
        "const path = process.argv[1]; require('net').createServer((s) => s.end('{}')).listen(path, () => require('fs').chmodSync(path, 0o777))",
        path,
      ],
      // A module that NODE_OPTIONS names may be closed to that user.
      { cwd: folder, stdio: 'ignore', env: { ...process.env, NODE_OPTIONS: '' } },
    );
    onTestFinished(() => void server.kill('SIGKILL'));
    await vi.waitUntil(async () => ((await stat(path).catch(() => undefined))?.mode ?? 0) % 0o1000 === 0o777, {
      timeout: 20_000,
    });

    const { code, text } = await started(['run', '--agent', path, '--', 'true']).ended;

    expect(code).toBe(97);
    expect(text).toContain(`The socket ${path} belongs to another user (uid ${attacker})`);
  });

  test('gets no agent into a folder in which the socket could be replaced', async () => {
    const open = join(folder, 'open');
    await mkdir(open);
    await chmod(open, 0o777);
    const { code, text } = await agent(join(open, 'agent.sock')).ended;
    expect(code).toBe(2);
    expect(text).toContain(`all may write to ${open}, which has no sticky bit`);
    expect(await readdir(open)).toEqual([]);
  });

  test('loses no socket of their own to an agent that ends', async () => {
    // A group may share a folder: its members can replace what is in it.
    const shared = join(folder, 'group');
    await mkdir(shared);
    await run('chown', [`0:${attacker}`, shared]);
    await chmod(shared, 0o770);
    const path = join(shared, 'agent.sock');
    const running = agent(path);
    await running.shown(/The agent runs/);
    await asAttacker(`mv ${path} ${path}.old && echo theirs > ${path}`);
    await running.shown(/Another process has put a file of its own at/);

    running.child.kill('SIGTERM');
    const { code } = await running.ended;

    expect(code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe('theirs\n');
  });

  test.each([
    ['--json', (path: string) => ['run', '--simulate', '--json', path, '--', 'true']],
    ['--telemetry-out', (path: string) => ['run', '--simulate', '--telemetry-out', path, '--', 'true']],
    ['--out', (path: string) => ['record', 'stages', '--from', '/dev/null', '--for', '1s', '--out', path]],
  ])('cannot choose by a link what %s overwrites, nor receive it in a FIFO or a file', async (_, args) => {
    const precious = join(folder, 'precious');
    await writeFile(precious, 'precious', { mode: 0o600 });
    await asAttacker('ln -s precious link; mkfifo -m 666 fifo; : > file; chmod 666 file');

    const throughLink = await started(args(join(folder, 'link'))).ended;
    const intoFifo = await started(args(join(folder, 'fifo'))).ended;
    const intoFile = await started(args(join(folder, 'file'))).ended;

    for (const { code, text } of [throughLink, intoFifo, intoFile]) {
      expect(code).toBe(2);
      expect(text).toMatch(/of another user \(uid 54321\)/);
    }
    expect(await readFile(precious, 'utf8')).toBe('precious');
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('');
  });

  test('reads no file that the probe has made', async () => {
    await started(['run', '--simulate', '--json', join(folder, 'result.json'), '--', 'true']).ended;
    await expect(asAttacker('cat result.json')).rejects.toThrow('Permission denied');
  });
});

test('a command that does not start leaves the earlier file, and what a link of the user leads to', async () => {
  const [target, link] = [join(folder, 'result.json'), join(folder, 'link.json')];
  await writeFile(target, 'earlier');
  await symlink('result.json', link);
  const { code } = await started(['run', '--simulate', '--json', link, '--', 'no-such-command']).ended;
  expect(code).toBe(2);
  expect(await readFile(target, 'utf8')).toBe('earlier');
});
