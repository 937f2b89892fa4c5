import { constantBench, type EmulatorOptions, emulateBoard } from '@benchlab-otel/emulator';
import { afterEach, describe, expect, it } from 'vitest';
import { probed, startProbe } from '../host/testHost.suite.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function emulated(options: EmulatorOptions = {}) {
  const board = await emulateBoard({ bench: constantBench(), ...options });
  closing.push(() => board.close());
  return board;
}

describe('benchlab-probe read', () => {
  it('prints plain tables where standard output is not a terminal', async () => {
    const running = startProbe(['read', '--simulate']);
    await running.shown(/\(simulated\): .*system [0-9.]+ W/);
    await running.shown(/^EPS1 +[0-9.]+ W +[0-9.]+ V +[0-9.]+ A$/m);
    running.send('SIGINT');

    const { code, out } = await running.ended;
    expect(out).not.toContain('\x1b');
    expect(code).toBe(0);
  });

  it('prints a JSON line for each sample', async () => {
    const running = startProbe(['read', '--simulate', '--rate', '20', '--json']);
    await running.shown(/(?:"timeNs"[\s\S]*){5}/);
    running.send('SIGINT');

    const { code, out } = await running.ended;
    const samples = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(samples.length).toBeGreaterThanOrEqual(5);
    for (const sample of samples) expect(sample.source.simulated).toBe(true);
    expect(code).toBe(0);
  });

  it('ends with the reason when the board never gives a sample', async () => {
    const { path } = await emulated({ fault: 'short' });

    const { code, err } = await probed('read', '--port', path);

    expect(err).toMatch(/^benchlab-probe: .+/);
    expect(code).toBe(97);
  });

  it('waits for the first sample no longer than --for', async () => {
    const { path } = await emulated({ fault: 'short' });
    const startedMs = performance.now();

    const { code } = await probed('read', '--port', path, '--for', '300ms');

    expect(code).toBe(97);
    expect(performance.now() - startedMs).toBeLessThan(9_000);
  });

  it.each(['SIGHUP', 'SIGTERM'] as const)('ends with 0 at %s', async (signal) => {
    const running = startProbe(['read', '--simulate', '--json']);
    await running.shown(/timeNs/);

    running.send(signal);

    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it('ends with 97 when its board is pulled out', async () => {
    const board = await emulated();
    const running = startProbe(['read', '--port', board.path]);
    await running.shown(/system/);

    board.unplug();
    await running.shown(/is lost/);
    running.send('SIGINT');

    expect(await running.ended).toMatchObject({ code: 97, err: expect.stringContaining('is lost') });
  });
});
