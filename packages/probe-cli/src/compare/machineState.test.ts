import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { machineNotes, watchMachine } from './machineState.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchlab-machine-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function processor(name: string, governor: string, throttled: number): void {
  for (const inner of ['cpufreq', 'thermal_throttle']) mkdirSync(join(folder, name, inner), { recursive: true });
  writeFileSync(join(folder, name, 'cpufreq/scaling_governor'), `${governor}\n`);
  writeFileSync(join(folder, name, 'thermal_throttle/core_throttle_count'), `${throttled}\n`);
}

it('shows governors, load and how often processors were slowed meanwhile, and notes each of them', () => {
  processor('cpu0', 'powersave', 3);
  processor('cpu1', 'performance', 4);
  mkdirSync(join(folder, 'cpufreq'), { recursive: true });
  const watched = watchMachine(folder, () => [900, 1, 1]);
  processor('cpu1', 'performance', 9);

  const state = watched.state();

  expect(state).toMatchObject({ governors: ['performance', 'powersave'], loadBefore: 900, throttled: 5 });
  expect(state.processors).toBeGreaterThan(0);
  expect(machineNotes(state)).toEqual([
    expect.stringMatching(/^the machine had other work before the comparison: load 900\.0 on \d+ processors?$/),
    'the frequency of processors follows the governor powersave: "performance" makes figures steadier',
    'processors were slowed 5 times for their temperature',
  ]);
});

it('leaves out what the system does not show, and notes nothing of a quiet machine', () => {
  const state = watchMachine(join(folder, 'gone'), () => []).state();

  expect(state).toMatchObject({ governors: [], loadBefore: 0 });
  expect(state).not.toHaveProperty('throttled');
  expect(machineNotes(state)).toEqual([]);
});
