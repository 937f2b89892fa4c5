import { afterEach, beforeEach, expect, test } from 'vitest';
import { Traced } from '../../src/index.ts';
import { Recorder } from '../recorder.ts';
import type { Mode } from './index.ts';

export function classes({ Shop }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => recorder.stop());
  const names = () => recorder.ended.map((span) => span.name);

  test('every method of a marked class is a span, static and inherited ones too', () => {
    const shop = new Shop();
    expect([shop.order(), Shop.open(), shop.restock()]).toEqual(['ordered', 'open', 'restocked']);
    expect(names()).toEqual(['Shop.order', 'Shop.open', 'Stock.restock']);
    expect(recorder.ended.map((span) => span.attributes.part)).toEqual(['shop', 'shop', 'shop']);
  });

  test('a method that has a @Span keeps it, and one with another mark gets a span', async () => {
    const shop = new Shop();
    expect([shop.own(), shop.measured()]).toEqual(['own', 'measured']);
    expect(names()).toEqual(['shop.own', 'Shop.measured']);
    expect(recorder.ended[0]?.attributes).not.toHaveProperty('part');
    expect(Object.values(await recorder.points('benchlab.call.duration'))).toEqual([1]);
  });

  test('an excepted method has no span, and the methods that it calls have one', () => {
    const shop = new Shop();
    expect([shop.ping(), shop.quiet(), shop.skipped()]).toEqual(['ordered', 'quiet', 'skipped']);
    expect(names()).toEqual(['Shop.order']);
  });

  test('accessors, fields, the constructor and life-cycle methods have no span', () => {
    const shop = new Shop() as InstanceType<typeof Shop> & { field(): string };
    expect([shop.name, shop.field(), `${shop}`]).toEqual(['shop', 'field', 'shop']);
    shop.onModuleInit();
    expect(names()).toEqual([]);
    expect([Shop.name, new Shop().constructor]).toEqual(['Shop', Shop]);
  });

  test('a class and its marked subclass make one span a call', () => {
    class Kiosk extends Shop {
      override order(): string {
        return super.order();
      }
    }
    Traced(Kiosk);
    Traced()(Kiosk);
    const kiosk = new Kiosk();
    kiosk.restock();
    expect(names()).toEqual(['Stock.restock']);
    kiosk.order();
    expect(names()).toEqual(['Stock.restock', 'Shop.order', 'Kiosk.order']);
  });

  test('a superclass stays unchanged', () => {
    const { restock } = Object.getPrototypeOf(Shop.prototype);
    expect(restock()).toBe('restocked');
    expect(names()).toEqual([]);
  });
}
