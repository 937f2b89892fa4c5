import { Span, Timed, withSpan } from '@benchlab-otel/sdk';

export class Checkout {
  @Span({ name: 'checkout', attributes: (skus: string[]) => ({ 'cart.items': skus.length }) })
  @Timed({ metric: 'shop.checkout.duration' })
  async run(skus: string[]): Promise<string> {
    const cents = await withSpan('price', async () => skus.length * 1200);
    return `${cents} cents\n`;
  }
}
