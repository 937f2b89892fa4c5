// Ten minutes of random attacks on what listens: both protocols of the OTLP receiver, the metrics page, both ends of the
// sample bus. Each has a bound of memory and must still answer a good request after every 250 attacks. Then a
// run of the probe whose board must still be read while its receiver is attacked: it needs a machine without other work.
import { fuzz } from '../../test/security/fuzz.mjs';
import { ProofFailure } from './failure.mjs';
import { runFile } from './vitest.mjs';

const minutes = 10;

export const proof = {
  name: 'fuzz',
  what: `${minutes} minutes of random bytes to the OTLP receiver (HTTP and gRPC), the metrics page and the sample bus: bounded memory, no crash, no hang; and a run whose board is read under attack`,
  run,
};

async function run() {
  const seed = Date.now() % 2_147_483_646 || 1;
  const result = await fuzz({ seed, ms: minutes * 60_000 }).catch((error) => {
    throw new ProofFailure(error.message, { seed });
  });
  const { lines, failures } = await runFile('test/scale/attack.test.ts');
  if (failures.length > 0) throw new ProofFailure(failures.join('; '), Object.assign({ seed }, ...lines));
  const { rounds, counts, mostMb, slowestMs } = result;
  return {
    seed,
    attacks: rounds,
    ...counts,
    'most memory, MB': Object.entries(mostMb)
      .map(([name, megabytes]) => `${name} ${megabytes}`)
      .join(', '),
    'slowest answer to a good request, ms': slowestMs,
    ...Object.assign({}, ...lines),
  };
}
