import 'reflect-metadata';
import { expect, test } from 'vitest';
import { Observed } from '../marks/observed.ts';
import { spanned } from '../marks/span.ts';
import { Traced } from '../marks/traced.ts';

// What the package reflect-metadata adds to Reflect.
const reflect = Reflect as unknown as {
  defineMetadata(key: string, value: unknown, target: object, property?: string): void;
  getMetadata(key: string, target: object, property?: string): unknown;
};
type LegacyDecorator = (target: object, key: string, property: PropertyDescriptor) => PropertyDescriptor;

class Shop {
  order(): string {
    return 'ordered';
  }
}
reflect.defineMetadata('roles', ['admin'], Shop.prototype.order);
reflect.defineMetadata('design:paramtypes', [], Shop.prototype, 'order');

test('the metadata of a method is kept under a decorator of the method and of its class', () => {
  const { order } = Shop.prototype;
  const property = Object.getOwnPropertyDescriptor(Shop.prototype, 'order') as PropertyDescriptor;
  const marked = (Observed as unknown as LegacyDecorator)(Shop.prototype, 'order', property);
  Object.defineProperty(Shop.prototype, 'order', marked);
  expect(marked.value).not.toBe(order);
  expect(reflect.getMetadata('roles', marked.value)).toEqual(['admin']);
  Traced(Shop);
  expect(reflect.getMetadata('roles', Shop.prototype.order)).toEqual(['admin']);
  expect(reflect.getMetadata('design:paramtypes', Shop.prototype, 'order')).toEqual([]);
});

test('a later decorator writes to the wrapper and not to the wrapped function', () => {
  const handler = () => 0;
  const wrapped = spanned(handler);
  reflect.defineMetadata('path', '/', wrapped);
  expect([reflect.getMetadata('path', wrapped), reflect.getMetadata('path', handler)]).toEqual(['/', undefined]);
});
