import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { Counted } from '../counted.ts';
import { Span } from '../span.ts';
import { Timed } from '../timed.ts';

// Decorators called by hand, as compilers call them: what the types forbid reaches them from plain JavaScript.
type Untyped = (...args: unknown[]) => unknown;
const marks = [
  ['Span', Span as Untyped],
  ['Timed', Timed as Untyped],
  ['Counted', Counted as Untyped],
] as const;

let recorder: Recorder;
beforeEach(() => {
  recorder = Recorder.start();
});
afterEach(() => recorder.stop());

test.each(marks)('@%s refuses what is no method when the class is defined, and says what to do', (name, mark) => {
  const target = {};
  const getter = { get: () => 1, configurable: true };
  expect(() => mark(target, 'area', getter)).toThrow(TypeError);
  expect(() => mark(target, 'area', getter)).toThrow(`@${name} marks methods, and area is a getter.`);
  expect(() => mark(target, 'handler', undefined)).toThrow('handler is a field');
  expect(() => (mark() as Untyped)(undefined, { kind: 'field', name: 'handler' })).toThrow('handler is a field');
  expect(() => mark(() => 0, { kind: 'setter', name: 'size' })).toThrow('size is a setter');
  expect(() => mark(class {}, { kind: 'class', name: 'Shop' })).toThrow('Shop is a class');
});

test("another library's decorator on top hides the function: the nearest owner of the key names it", () => {
  class Shop {
    buy(): number {
      return 1;
    }
  }
  const marked = (Span as Untyped)(Shop.prototype.buy, { kind: 'method', name: 'buy' }) as () => number;
  Shop.prototype.buy = function (...args) {
    return marked.apply(this, args);
  };
  expect(new Shop().buy()).toBe(1);
  recorder.span('Shop.buy');
});

test('a class without a name, or with a strange one, leaves the name of the method', () => {
  const mark = (Class: { prototype: object }) => {
    const property = (Span as Untyped)(Class.prototype, 'buy', { value: () => 1, configurable: true });
    Object.defineProperty(Class.prototype, 'buy', property as PropertyDescriptor);
  };
  class Strange {
    static override = 1;
    declare buy: () => number;
  }
  Object.defineProperty(Strange, 'name', { value: 7 });
  mark(Strange);
  expect(new Strange().buy()).toBe(1);
  recorder.span('buy');
});
