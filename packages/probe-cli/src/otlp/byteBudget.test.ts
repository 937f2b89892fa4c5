import { expect, test } from 'vitest';
import { ByteBudget } from './byteBudget.ts';

/** Whether a request had room at once, or has it by now. */
function taking(budget: ByteBudget) {
  const share = budget.share();
  let has = true;
  return {
    ...share,
    async take(bytes: number): Promise<boolean> {
      const room = share.take(bytes);
      has = room === undefined;
      void room?.then(() => {
        has = true;
      });
      return has;
    },
    async has(): Promise<boolean> {
      await Promise.resolve();
      return has;
    },
  };
}

test('a request for which there is no room has it when others give theirs back', async () => {
  const budget = new ByteBudget(10, 4);
  const [first, second, third] = [taking(budget), taking(budget), taking(budget)];
  expect(await first.take(10)).toBe(true);
  expect(await second.take(5)).toBe(false);
  expect(await third.take(3)).toBe(false);
  expect(budget.waiting).toBe(2);

  first.release();

  expect([await second.has(), await third.has(), budget.waiting]).toEqual([true, true, 0]);
});

test('requests that were read in part do not wait for each other for ever', async () => {
  const budget = new ByteBudget(10, 10);
  const requests = [taking(budget), taking(budget), taking(budget)];
  // Each of them has 10 bytes.
  for (const request of requests) expect(await request.take(3)).toBe(true);
  for (const [n, request] of requests.entries()) expect(await request.take(7)).toBe(n === 0);

  requests[0]?.release();
  expect(await requests[1]?.has()).toBe(true);
  expect(await requests[2]?.has()).toBe(false);
  requests[1]?.release();
  expect(await requests[2]?.has()).toBe(true);
});

test('the reserve is for the request that had to wait first, and for no other', async () => {
  const budget = new ByteBudget(1, 10);
  const [first, second] = [taking(budget), taking(budget)];

  expect(await first.take(8)).toBe(true);
  expect(await second.take(1)).toBe(false);
  expect(await first.take(3)).toBe(true);
  expect(await first.take(1)).toBe(false);
});

test('a request that is given up while it waits takes nothing', async () => {
  const budget = new ByteBudget(1, 1);
  const [first, second, third] = [taking(budget), taking(budget), taking(budget)];
  await first.take(2);
  await second.take(1);

  second.release();
  second.release();
  first.release();

  expect(await second.has()).toBe(false);
  expect(await third.take(1)).toBe(true);
});
