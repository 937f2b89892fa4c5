import { Span, withSpan } from '@benchlab-otel/sdk';

export class Shop {
  @Span
  async buy(cents: number): Promise<number> {
    return await withSpan('pay', async () => cents);
  }
}
