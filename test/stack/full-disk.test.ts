// An agent that records onto a disk of its own, a small tmpfs in a mount namespace of its own, which ends with the agent.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulateBoard } from '@benchlab-otel/emulator';
import { expect, onTestFinished, test } from 'vitest';
import { bin } from '../../packages/probe-cli/src/host/childProbe.suite.ts';
import { systemProgram } from '../../scripts/stack-system.mjs';
import { until } from './process.ts';

/** A user without rights mounts in a user namespace. */
const users = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];

test('a full disk is a finding of the agent, which serves its samples on, and ends once there is room', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'benchlab-full-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const disk = join(folder, 'disk');
  const board = await emulateBoard();
  onTestFinished(() => board.close());
  const config = join(folder, 'config.toml');
  await writeFile(
    config,
    `[general]\ndata_root = "${disk}"\nsample_hz = 100\n[agent]\nsources = ["benchlab"]\n[benchlab]\ndevice = "${board.path}"\n`,
  );
  const script = 'mkdir "$1" && mount -t tmpfs -o size=1m none "$1" && shift && exec "$@"';
  const agent = [process.execPath, bin, 'agent', '--config', config, '--socket', join(folder, 'a.sock')];
  const args = [...users, '--mount', 'sh', '-c', script, 'sh', disk, ...agent, '--metrics-port', '0'];
  const child = spawn(systemProgram('unshare'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    log += text;
  });

  const url = await until('the page', () => /"metrics":"([^"]+)"/.exec(log)?.[1]);
  await until('the full disk', () => /cannot be written: ENOSPC/.test(log), 60_000);
  const healthz = async () => {
    const answer = await fetch(new URL('/healthz', url));
    return [answer.status, await answer.text()];
  };
  expect(await healthz()).toEqual([200, expect.stringMatching(/^ok\n.*cannot be written: ENOSPC/)]);
  expect(await (await fetch(url)).text()).toMatch(/^hw_host_power_watts\{/m);

  const target = [
    '--target',
    `${child.pid}`,
    '--mount',
    ...(users.length === 0 ? [] : ['--user', '--preserve-credentials']),
  ];
  const remount = spawn(systemProgram('nsenter'), [...target, 'mount', '-o', 'remount,size=200m', disk], {
    stdio: 'inherit',
  });
  expect(await new Promise((resolve) => remount.once('exit', resolve))).toBe(0);
  await until('that it is written again', () => /is written again/.test(log), 60_000);
  expect(await healthz()).toEqual([200, 'ok\n']);
  const name = /The session (\S+) is recorded/.exec(log)?.[1] ?? '';
  const session = await readFile(join('/proc', `${child.pid}`, 'root', name, 'session.json'), 'utf8');
  expect(JSON.parse(session)).toMatchObject({ schema: 'benchlab-otel/session', tags: { recorder: 'benchlab-agent' } });

  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(log).toMatch(/The session \S+ is closed/);
}, 180_000);
