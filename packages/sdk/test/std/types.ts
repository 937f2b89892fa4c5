// Checked by the compiler alone: what the decorators accept and refuse.
import {
  Counted,
  Gauged,
  gauged,
  InFlight,
  Observed,
  observed,
  Span,
  spanned,
  Timed,
  Traced,
  Untraced,
} from '../../src/index.ts';

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
  @Counted get getter(): number {
    return 1;
  }
  @Timed set setter(value: number) {
    void value;
  }
  @Span accessor level: string = '';
  @Span static accessor open: boolean = true;
  @Span({ result: (total: number) => ({ total }) }) async promised(): Promise<number> {
    return 1;
  }
  @Span({ attributes: (cart: { id: number; items: string[] }) => ({ cart }) }) nested(cart: {
    id: number;
    items: string[];
  }): void {
    void cart;
  }
  @Observed({ labels: (id: number) => ({ id }), result: (list: string[]) => ({ n: list.length }) }) list(
    id: number,
  ): string[] {
    return [`${id}`];
  }
  @Gauged('jobs.waiting') waiting(): number {
    return 0;
  }
  @Gauged({ metric: 'jobs.waiting', value: (jobs: string[]) => jobs.length }) async jobs(): Promise<string[]> {
    return [];
  }
  @InFlight @Untraced busy(): void {}

  // @ts-expect-error a selector of another result
  @Span({ result: (total: string) => ({ total }) }) sum(): number {
    return 1;
  }
  // @ts-expect-error an object of a class is not captured whole
  @Span({ attributes: (at: Date) => ({ at }) }) when(at: Date): void {
    void at;
  }
  // @ts-expect-error the result is no number
  @Gauged('jobs.waiting') text(): string {
    return '';
  }
  // @ts-expect-error a gauge needs a name
  @Gauged({}) unnamed(): number {
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

// Parameters without a type of their own have that of their default.
const scaled = spanned('scaled', (value: number, by = 2) => value * by);
export const doubled: number = scaled(1);
// @ts-expect-error the default is a number
scaled(1, '2');
// @ts-expect-error a class is no function to call
spanned('shop', Shop);
export const sinceOf: (this: Date, ms: number) => number = spanned('since', function (this: Date, ms: number) {
  return this.getTime() - ms;
});

export const waiting: () => number = gauged('jobs.waiting', () => 1);
observed({ result: (total) => ({ total: total.toFixed() }) }, async (id: number) => id);
// @ts-expect-error the result is no number
gauged('jobs.waiting', () => 'text');

@Traced
export class All {}
@Traced({ except: ['ping'], inherited: true })
export abstract class Some {
  abstract ping(): void;
  protected constructor(id: number) {
    void id;
  }
}
// @ts-expect-error arguments differ from method to method
@Traced({ attributes: (id: number) => ({ id }) })
export class Wrong {}
