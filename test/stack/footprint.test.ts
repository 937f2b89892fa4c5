// The command as a user runs it, on this host, for the shortest time: what it prints are measured figures of real processes.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const probe = fileURLToPath(new URL('../../packages/probe-cli/bin/benchlab-probe.mjs', import.meta.url));

test('footprint measures an agent, and a service with and without telemetry', async () => {
  const args = [probe, 'footprint', '--rates', '10', '--for', '5s', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [{ rateHz, agent, service, bare }] = JSON.parse(stdout).rates;

  expect(rateHz).toBe(10);
  expect(agent.rssBytes).toBeGreaterThan(50 * 2 ** 20);
  expect(agent.cpuPercent).toBeGreaterThan(0);
  // 10 lines of 200 readings and 60 frames a second.
  expect(agent.sampleBytesADay).toBeGreaterThan(10e6);
  expect(agent.rowBytesADay).toBeGreaterThan(100e6);
  expect(agent.networkBytesAnHour).toBeGreaterThan(1e6);
  expect(service.rssBytes).toBeGreaterThan(bare.rssBytes);
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith('benchlab-footprint-'));
  expect(left).toEqual([]);
}, 120_000);
