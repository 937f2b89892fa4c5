// Checked by the compiler alone: what the decorators accept and refuse.
import { Counted, Span, spanned, Timed } from '../../src/index.ts';

export class Shop {
  @Span generic<T>(value: T): T {
    return value;
  }
  overloaded(a: string): string;
  overloaded(a: number): number;
  @Span('x') overloaded(a: unknown): unknown {
    return a;
  }
  @Timed() withThis(this: Shop, ...ids: number[]): number {
    return ids.length;
  }
  @Span({ attributes: (id: number) => ({ id }) }) fewer(id: number, _note?: string): void {
    void id;
  }
  @Counted({ attributes: { tier: 'gold' } }) private static async hidden(): Promise<void> {}
  @Span async *stream(): AsyncGenerator<string, void, boolean> {
    yield 'a';
    await Shop.hidden();
  }

  // @ts-expect-error a selector of another type
  @Span({ attributes: (id: string) => ({ id }) }) other(id: number): void {
    void id;
  }
  // @ts-expect-error a selector that wants more than the method is given
  @Timed({ attributes: (id: number, more: string) => ({ id, more }) }) one(id: number): void {
    void id;
  }
  // @ts-expect-error not a method
  @Span field = 1;
  // @ts-expect-error not a method
  @Counted get getter(): number {
    return 1;
  }
  // @ts-expect-error a label is a string, number or boolean
  @Counted({ attributes: () => ({ list: [1] }) }) labelled(): void {}
}

const format = spanned(
  { attributes: (id, unit) => ({ id: id.toFixed(), unit }) },
  (id: number, unit: string) => id + unit,
);
export const formatted: string = format(1, 'W');
// @ts-expect-error the wrapped function takes what the function takes
format('1');
// @ts-expect-error and so does a selector
spanned({ attributes: (id: boolean) => ({ id }) }, (id: number) => id);
