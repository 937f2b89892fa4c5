/** What a customer wants to buy. */
export interface Cart {
  readonly customer: string;
  readonly items: readonly { readonly sku: string; readonly cents: number }[];
  readonly voucherCents: number;
}

/** The n-th cart of an endless sequence, the same at every call. The card of every tenth customer is declined. */
export function exampleCart(n: number): Cart {
  const items = Array.from({ length: 40 }, (_, k) => ({
    sku: `sku-${k}`,
    cents: 199 + ((n * 7919 + k * 104_729) % 4801),
  }));
  return { customer: n % 10 === 9 ? 'declined' : 'accepted', items, voucherCents: 96_000 };
}
