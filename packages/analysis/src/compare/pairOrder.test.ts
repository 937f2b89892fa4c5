import { expect, it } from 'vitest';
import { seededRandom } from '../random/random.ts';
import { PairOrder } from './pairOrder.ts';

it('draws by a fair coin, and never lets one program be first in more than five pairs more than the other', () => {
  const order = new PairOrder(seededRandom(3).uniform);
  let [ahead, drawn, first] = [0, 0, 0];
  for (let k = 0; k < 5_000; k++) {
    const { candidateFirst, chanceFirst } = order.next();
    expect(chanceFirst).toBe(ahead === 5 ? 0 : ahead === -5 ? 1 : 0.5);
    ahead += candidateFirst ? 1 : -1;
    if (chanceFirst === 0.5) [drawn, first] = [drawn + 1, first + (candidateFirst ? 1 : 0)];
  }
  // One order in ten is not drawn; of those that are, half, within three standard errors.
  expect(drawn / 5_000).toBeGreaterThan(0.88);
  expect(Math.abs(first / drawn - 0.5)).toBeLessThan(0.022);
});
