import { constantBench, type EmulatorOptions, emulateBoard } from '@benchlab-otel/emulator';
import { afterEach, describe, expect, it } from 'vitest';
import { probed } from '../host/testHost.suite.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function emulated(options: EmulatorOptions = {}) {
  const board = await emulateBoard({ bench: constantBench(), ...options });
  closing.push(() => board.close());
  return board;
}

describe('benchlab-probe devices', () => {
  it('lists a board as a table and as JSON, marked when it is simulated', async () => {
    const { path, uid } = await emulated({ name: 'rig 7' });

    const [table, json] = await Promise.all([
      probed('devices', '--port', path),
      emulated({ serial: 2 }).then((second) => probed('devices', '--port', second.path, '--json')),
    ]);

    expect(table.out).toMatch(new RegExp(`${path} .*${uid} .*rig 7 \\(simulated\\)`));
    expect(JSON.parse(json.out)).toMatchObject({
      schemaVersion: 1,
      boards: [{ simulated: true, variant: 'bl2' }],
      refused: [],
    });
    expect([table.code, json.code]).toEqual([0, 0]);
  });

  it('exits with 97 and the reason when the port has none', async () => {
    const { code, err, out } = await probed('devices', '--port', '/dev/null', '--json');

    expect(JSON.parse(out).refused).toHaveLength(1);
    expect(err).toContain('/dev/null');
    expect(code).toBe(97);
  });
});

describe('benchlab-probe devices with two boards of different firmware and a look-alike', () => {
  it('lists the boards with what is known of their firmware, states why the other was left alone, and sent it nothing', async () => {
    const old = await emulated({ product: 'original', firmware: 2 });
    const newest = await emulated({ product: 'bl2', firmware: 7, serial: 2 });
    const stranger = await emulated({ fault: 'wrong-welcome', serial: 3 });
    const ports = [old, newest, stranger].flatMap(({ path }) => ['--port', path]);

    const { code, out, err } = await probed('devices', ...ports);

    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`${old.path} +BENCHLAB ORIGINAL +2 +${old.uid}`));
    expect(out).toMatch(new RegExp(`${newest.path} +BENCHLAB 2 +7 +${newest.uid}`));
    expect(out).toContain(`tchip-whole-degrees (${old.path}): `);
    expect(out).toContain('write-name-overrun: ');
    expect(out).toContain('Range not published.');
    expect(err).toContain(`${stranger.path} `);
    expect(stranger.requests).toEqual([]); // it announced itself

    const json = JSON.parse((await probed('devices', ...ports, '--json')).out);
    expect(json.boards[0].advisories.map(({ id }: { id: string }) => id)).toContain('cal-slots-inverted');
    expect(json.refused).toMatchObject([{ port: stranger.path, code: 'NOT_A_BENCHLAB' }]);
  });
});
