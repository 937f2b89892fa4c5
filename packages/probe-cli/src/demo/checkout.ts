// The program of the demo: a small shop whose functions are wrapped in spans, a histogram and a counter. The demo runs it
// in a process of its own, as `run` would.
//   node checkout.js MILLISECONDS
import { pbkdf2 } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startTelemetry } from '@benchlab-otel/node';
import { counted, spanned, timed } from '@benchlab-otel/sdk';

const telemetry = await startTelemetry({ serviceName: 'checkout' });
const { logger } = telemetry;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const timer = setTimeout(() => stop.abort(), Number(process.argv[2]));

/** Finds how far a voucher can be used up with whole items: a knapsack over cents, which keeps one core busy. */
const price = spanned('price', (items: readonly number[], voucherCents: number): number => {
  let best = new Uint32Array(voucherCents + 1);
  for (const cents of items) {
    const next = best.slice();
    for (let paid = cents; paid <= voucherCents; paid++) {
      next[paid] = Math.max(best[paid] ?? 0, (best[paid - cents] ?? 0) + cents);
    }
    best = next;
  }
  return items.reduce((total, cents) => total + cents, 0) - (best[voucherCents] ?? 0);
});

/** Signs the payment, which keeps two more threads busy, and waits for the bank. */
const charge = spanned('charge', async (order: number, cents: number): Promise<string> => {
  const sign = (salt: string) => promisify(pbkdf2)(`${order}:${cents}`, salt, 400_000, 32, 'sha256');
  const [key] = await Promise.all([sign('authorization'), sign('receipt')]);
  await pause(30);
  if (order % 10 === 9) throw new Error('The card was declined.');
  return key.toString('hex');
});

const checkout = counted(
  'checkout.orders',
  timed(
    'checkout.duration',
    spanned('checkout', async (order: number): Promise<string> => {
      const items = Array.from({ length: 40 }, (_, k) => 199 + ((order * 7919 + k * 104_729) % 4801));
      return charge(order, price(items, 96_000));
    }),
  ),
);

for (let order = 0; !stop.signal.aborted; order++) {
  try {
    await checkout(order);
    logger.info({ event: 'order.placed', order }, 'order placed');
  } catch (error) {
    logger.warn({ event: 'order.declined', order, err: error }, 'order declined');
  }
  // A pause without a customer: the bench falls back to idle between orders.
  await pause(120, undefined, { signal: stop.signal }).catch(() => undefined);
}
clearTimeout(timer);
await telemetry.shutdown();
