import { run } from '../command.mjs';
import { ProofFailure } from './failure.mjs';

/** Issue 9: as many checks at once as there are cores. On two cores, 0.5 would be perfect. */
const maxWallPerCpu = 0.65;

export const proof = {
  name: 'check-speed',
  what: `\`npm run check\` passes, and takes at most ${maxWallPerCpu} of the CPU seconds that it uses. On a machine that nothing else uses.`,
  run: async () => {
    // Only a shell sums up the CPU time of children and their children.
    const script = "TIMEFORMAT='times %R %U %S'; time npm run check 2>&1";
    const { code, output } = await run('bash', ['-c', script], { limitMs: 10 * 60_000 });
    const [, wall, user, system] = /^times ([\d.]+) ([\d.]+) ([\d.]+)$/m.exec(output) ?? [];
    if (wall === undefined) throw new Error(`No times: ${output.trimEnd().split('\n').at(-1)}`);
    const cpu = Number(user) + Number(system);
    const ratio = Number(wall) / cpu;
    const summary = /^(?:All )?\d+ (?:of \d+ )?checks .*$/m.exec(output)?.[0] ?? 'no summary';
    const figures = { wall: `${wall} s`, CPU: `${cpu.toFixed(1)} s`, 'wall / CPU': ratio.toFixed(2), checks: summary };
    if (code !== 0) throw new ProofFailure(`npm run check failed (exit ${code}).`, figures);
    if (ratio > maxWallPerCpu) throw new ProofFailure(`Wall / CPU is above ${maxWallPerCpu}.`, figures);
    return figures;
  },
};
