import { expect, it } from 'vitest';
import { fuzz } from './fuzz.mjs';

// `npm run test:scale -- fuzz` runs ten minutes of it, with another seed each time.
it('survives 600 random attacks on the receiver, the page and the bus, in bounded memory', {
  timeout: 120_000,
}, async () => {
  const { rounds, counts, mostMb } = await fuzz({ seed: 20_261_130, rounds: 600 });

  expect(rounds).toBe(600);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(30);
  for (const megabytes of Object.values(mostMb)) expect(megabytes).toBeLessThan(400);
});
