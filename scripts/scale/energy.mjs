import { run } from '../command.mjs';
import { ProofFailure } from './failure.mjs';

/** 25 minutes on two quiet cores; this is the bound of a hang. */
const proofLimitMs = 240 * 60_000;

export const proof = {
  name: 'energy-table',
  what: 'The energy of short operations is estimated within its bars in every cell of the table of simulated benches (`scripts/scale/energy-table.mjs` prints the table).',
  run: async () => {
    const { code, output } = await run(process.execPath, ['scripts/scale/energy-table.mjs'], { limitMs: proofLimitMs });
    const cells = /^(\d+) cells in \d+ s on \d+ threads$/m.exec(output)?.[1];
    if (cells === undefined) throw new Error(`No table: ${output.trimEnd().split('\n').at(-1)}`);
    const missed = [...output.matchAll(/^MISSED (.*)$/gm)].map(([, cell]) => cell);
    const figures = { cells, missed: missed.length };
    if (code !== 0) throw new ProofFailure(missed.join('; ') || `exit ${code}`, figures);
    return figures;
  },
};
