import { Span, Timed, withSpan } from '@benchlab-otel/sdk';

export class Shop {
  @Span('buy')
  @Timed({ metric: 'shop.buy.duration' })
  async buy(cents: number): Promise<number> {
    return await withSpan('pay', async () => {
      if (cents < 0) throw new RangeError('A price is not negative.');
      return cents;
    });
  }
}
