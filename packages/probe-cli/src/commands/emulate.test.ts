import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

  it('is a mistake of usage with a --link that is taken or has no folder, and leaves what is there', async () => {
    const file = join(folder, 'precious');
    writeFileSync(file, 'kept');

    const taken = await probed('emulate', '--link', file);
    const nowhere = await probed('emulate', '--link', join(folder, 'none', 'board'));

    expect([taken.code, nowhere.code]).toEqual([2, 2]);
    expect(taken.err).toContain(`--link is "${file}". It must be a new name`);
    expect(nowhere.err).toMatch(/--link is ".*\/none\/board"\. It must be a name in a folder that exists.*ENOENT/);
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });

  it('names the fault and the reason, in a short line, where the product has no connector faults', async () => {
    const { code, err } = await probed('emulate', '--product', 'original', '--connector-fault', 'FAULT_OCP_HPWR1');

    expect(code).toBe(2);
    expect(err).toMatch(/--connector-fault is "FAULT_OCP_HPWR1".*no fault words.*BENCHLAB 2 from firmware 5 on/);
    expect(err.length).toBeLessThan(300);
  });

  it('lists the faults in its help', async () => {
    const { out, code } = await probed('emulate', '--help');

    expect(out).toMatch(/wrong-welcome +The welcome/);
    expect(out).toContain('FAULT_OCP_HPWR1');
    expect(code).toBe(0);
  });
});
