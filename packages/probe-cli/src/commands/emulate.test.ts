import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { probed, startProbe } from '../host/testHost.suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-probe-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('benchlab-probe emulate', () => {
  it('prints the path of a board that other commands can read, until a signal ends it', async () => {
    const link = join(folder, 'board');
    const running = startProbe(['emulate', '--product', 'original', '--link', link]);
    await running.shown(/Ctrl-C/);

    const devices = await probed('devices', '--port', link);
    running.send('SIGINT');

    expect(devices.out).toContain('(simulated)');
    expect((await running.ended).code).toBe(0);
    expect(existsSync(link)).toBe(false);
  });

  it('lists the faults in its help', async () => {
    const { out, code } = await probed('emulate', '--help');

    expect(out).toMatch(/wrong-welcome +The welcome/);
    expect(out).toContain('FAULT_OCP_HPWR1');
    expect(code).toBe(0);
  });
});
