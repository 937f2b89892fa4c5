import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { kernelClock } from './kernelClock.ts';

it('gives what the kernel states, the same as timedatectl where that is there', async () => {
  const state = await kernelClock();

  expect([undefined, 'synchronised', 'unsynchronised']).toContain(state);
  const stated = timedatectl();
  if (stated !== undefined && state !== undefined) expect(state === 'synchronised').toBe(stated === 'yes');
});

function timedatectl(): string | undefined {
  try {
    const args = ['show', '--property=NTPSynchronized', '--value'];
    return execFileSync('timedatectl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
