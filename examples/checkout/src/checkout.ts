import { pbkdf2 } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Counted, Span, Timed } from '@benchlab-otel/sdk';
import type { Cart } from './cart.ts';

export interface Receipt {
  readonly totalCents: number;
  readonly authorization: string;
}

/** Prices a cart and charges its customer. Each order is one span `checkout` with the children `price` and `charge`. */
export class Checkout {
  @Counted({ metric: 'checkout.orders' })
  @Timed({ metric: 'checkout.duration' })
  @Span({ name: 'checkout', attributes: (cart: Cart) => ({ 'cart.items': cart.items.length }) })
  async checkout(cart: Cart): Promise<Receipt> {
    const totalCents = this.price(cart);
    return { totalCents, authorization: await this.charge(cart.customer, totalCents) };
  }

  /** Spends as much of the voucher as whole items allow: a knapsack problem over cents, which keeps one core busy. */
  @Span('price')
  price(cart: Cart): number {
    let best = new Uint32Array(cart.voucherCents + 1);
    for (const { cents } of cart.items) {
      const next = best.slice();
      for (let paid = cents; paid <= cart.voucherCents; paid++) {
        next[paid] = Math.max(best[paid] ?? 0, (best[paid - cents] ?? 0) + cents);
      }
      best = next;
    }
    const sum = cart.items.reduce((total, { cents }) => total + cents, 0);
    return sum - (best[cart.voucherCents] ?? 0);
  }

  /** Signs the payment, which keeps two more threads busy, and waits for the bank. */
  @Span({ name: 'charge', attributes: (_customer: string, cents: number) => ({ 'payment.cents': cents }) })
  async charge(customer: string, cents: number): Promise<string> {
    const sign = (salt: string) => promisify(pbkdf2)(`${customer}:${cents}`, salt, 400_000, 32, 'sha256');
    const [key] = await Promise.all([sign('authorization'), sign('receipt')]);
    await pause(30);
    if (customer === 'declined') throw new Error('The card was declined.');
    return key.toString('hex');
  }
}
