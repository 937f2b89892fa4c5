// Wrong on purpose: messages.test.ts reads what the compiler answers.
import { Gauged, Span, spanned, Timed } from '../../../src/index.ts';

export class Shop {
  @Span({ attributes: (id: string) => ({ id }) }) parameters(id: number): void {
    void id;
  }
  @Gauged('shop.open') result(): string {
    return '';
  }
  @Timed({ bucket: [1] }) misspelt(): void {}
}
export const misspelt: (id: number) => number = spanned({ nam: 'x' }, (id: number) => id);
