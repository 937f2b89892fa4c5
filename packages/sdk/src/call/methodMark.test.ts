import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { Counted } from '../marks/counted.ts';
import { Span } from '../marks/span.ts';
import { Timed } from '../marks/timed.ts';

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

test.each(marks)(
  '@%s refuses anything but methods and accessors when the class is defined, and states what to do',
  (name, mark) => {
    const target = {};
    expect(() => mark(target, 'handler', undefined)).toThrow(TypeError);
    expect(() => mark(target, 'handler', undefined)).toThrow(
      `@${name} marks methods and accessors; handler is a field. Wrap its function.`,
    );
    expect(() => mark(target, 'handler', { value: 7 })).toThrow('handler is a field');
    expect(() => (mark() as Untyped)(undefined, { kind: 'field', name: 'handler' })).toThrow('handler is a field');
    expect(() => mark(class {}, { kind: 'class', name: 'Shop' })).toThrow('Shop is a class');
  },
);

test('an auto-accessor of standard mode is marked, both halves, static and private ones too', () => {
  let stored: unknown = 1;
  const halves = {
    get: () => stored,
    set: (value: unknown) => {
      stored = value;
    },
  };
  class Shelf {}
  const context = { kind: 'accessor', name: 'level', private: false, static: false };
  const marked = (Span as Untyped)(halves, context) as PropertyDescriptor;
  Object.defineProperty(Shelf.prototype, 'level', { ...marked, configurable: true });
  const shelf = new Shelf() as { level: unknown };
  shelf.level = 5;
  expect(shelf.level).toBe(5);
  const hidden = (Span as Untyped)(halves, { ...context, name: '#level', private: true }) as PropertyDescriptor;
  expect(hidden.get?.call(shelf)).toBe(5);
  expect(recorder.ended.map((span) => span.name)).toEqual(['Shelf.level', 'Shelf.level', 'Shelf.#level']);
});

/** Decorates as a compiler in standard mode does: the class comes into being after its methods. */
function markStandard(Class: { prototype: object }, key: string, more: object = {}): Record<string, Untyped> {
  const prototype = Class.prototype as Record<string, Untyped>;
  prototype[key] = (Span as Untyped)(prototype[key], { kind: 'method', name: key, ...more }) as Untyped;
  return prototype;
}

class Shop {
  buy(): number {
    return 1;
  }
}

test('a method that was first called off its object is named by its class later', () => {
  class Kiosk extends Shop {}
  Kiosk.prototype.buy = () => 2;
  const { buy } = markStandard(Kiosk, 'buy');
  expect(buy?.()).toBe(2);
  expect(new Kiosk().buy()).toBe(2);
  expect(recorder.ended.map((span) => span.name)).toEqual(['buy', 'Kiosk.buy']);
});

test('a method with two of our marks is named by its own class, also when an override calls it', () => {
  class Stall {
    buy(): number {
      return 3;
    }
  }
  class Booth extends Stall {
    override buy(): number {
      return super.buy();
    }
  }
  markStandard(Stall, 'buy');
  const prototype = Stall.prototype as unknown as Record<string, Untyped>;
  prototype.buy = (Counted as Untyped)(prototype.buy, { kind: 'method', name: 'buy' }) as Untyped;
  expect(new Booth().buy()).toBe(3);
  recorder.span('Stall.buy');
});

test('the method of an object that throws at every access works, without a span', () => {
  class Market extends Shop {
    override buy(): number {
      return 4;
    }
  }
  markStandard(Market, 'buy');
  const refuse = () => {
    throw new Error('no questions');
  };
  const wary = new Proxy(new Market(), { getOwnPropertyDescriptor: refuse, getPrototypeOf: refuse });
  expect(wary.buy()).toBe(4);
  expect(recorder.ended).toEqual([]);
  expect(recorder.troubles).toEqual([expect.stringContaining('could not be recorded')]);
});

test('a private method is named after the class of its object, because its owner is unknown', () => {
  const hidden = (Span as Untyped)(() => 1, { kind: 'method', name: '#hidden', private: true }) as Untyped;
  class Cellar extends Shop {}
  Reflect.apply(hidden, new Cellar(), []);
  Reflect.apply(hidden, Cellar, []);
  expect(recorder.ended.map((span) => span.name)).toEqual(['Cellar.#hidden', 'Cellar.#hidden']);
});

test("another library's decorator on top hides the function: the nearest owner of the key names it", () => {
  const initialisers: ((this: unknown) => void)[] = [];
  const prototype = markStandard(Shop, 'buy', { addInitializer: (each: () => void) => initialisers.push(each) });
  const { buy: marked } = prototype;
  prototype.buy = function (this: unknown, ...args) {
    return marked?.apply(this, args);
  };
  const shop = new Shop();
  for (const initialise of initialisers) initialise.call(shop);
  expect(shop.buy()).toBe(1);
  recorder.span('Shop.buy');
});

test('an object that refuses to be looked at is made all the same', () => {
  const initialisers: ((this: unknown) => void)[] = [];
  markStandard(class Hall extends Shop {}, 'buy', {
    addInitializer: (each: () => void) => initialisers.push(each),
  });
  const refuse = () => {
    throw new Error('no questions');
  };
  const wary = new Proxy({}, { getOwnPropertyDescriptor: refuse, getPrototypeOf: refuse });
  expect(() => initialisers[0]?.call(wary)).not.toThrow();
});

test('a method of a class without a valid name has the name of the method', () => {
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
