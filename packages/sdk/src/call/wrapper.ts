import { createReport } from '@benchlab-otel/core';
import { context, trace } from '@opentelemetry/api';
import { isGeneratorFunction, watchGenerator } from './generator.ts';
import { run } from './run.ts';
import type { Begin, Body, Watch } from './watch.ts';

const report = createReport('decorators');
const bodies = new WeakMap<object, Body>();

/**
 * A function that behaves as `body` does in everything but being watched. `current` is what watching needs of the SDK:
 * while that is nothing, the body is called and no more.
 */
export function watched<S>(body: Body, current: () => S | undefined, begin: Begin<S>): Body {
  const wrapper = isGeneratorFunction(body)
    ? generatorWrapper(body, current, begin)
    : plainWrapper(body, current, begin);
  bodies.set(wrapper, body);
  return imitate(wrapper, body);
}

/** `fn` and the functions beneath it that this package has made it of, outermost first. */
export function madeOf(fn: unknown): readonly Body[] {
  const made: Body[] = [];
  for (let each = fn; typeof each === 'function'; each = bodies.get(each)) made.push(each as Body);
  return made;
}

// Methods of an object literal: unlike a `function`, they have no `prototype` and cannot be constructed, as methods.
function plainWrapper<S>(body: Body, current: () => S | undefined, begin: Begin<S>): Body {
  return {
    wrapper(this: unknown, ...args: unknown[]): unknown {
      const sdk = current();
      if (sdk === undefined) return body.apply(this, args);
      let watch: Watch | undefined;
      try {
        watch = begin(sdk, this, args);
      } catch (error) {
        unwatched(body, error);
      }
      return watch === undefined ? body.apply(this, args) : run(watch, body, this, args);
    },
  }.wrapper;
}

function generatorWrapper<S>(body: Body, current: () => S | undefined, begin: Begin<S>): Body {
  const safe: Begin<S> = (...call) => {
    try {
      return begin(...call);
    } catch (error) {
      return unwatched(body, error);
    }
  };
  return {
    wrapper(this: unknown, ...args: unknown[]): unknown {
      const sdk = current();
      if (sdk === undefined) return body.apply(this, args);
      let generator: unknown;
      try {
        generator = body.apply(this, args);
      } catch (error) {
        // Default values and destructuring of parameters run before there is a generator.
        safe(sdk, this, args)?.fail(error);
        throw error;
      }
      // Whoever asked for the generator is its parent, even where a framework pulls it later from somewhere else.
      const asked = context.active();
      const start = () => safe(sdk, this, args);
      const hasParent = trace.getSpan(asked) !== undefined;
      watchGenerator(generator, hasParent ? () => context.with(asked, start) : start);
      return generator;
    },
  }.wrapper;
}

function unwatched(body: Body, error: unknown): undefined {
  report(`a call of ${body.name} went unwatched.`, error);
}

/** Name, length, own properties, kind of function, and the metadata that others keep about it by reflection. */
function imitate(wrapper: Body, body: Body): Body {
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(body));
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(body));
  const reflect = Reflect as unknown as Partial<MetadataReflection>;
  for (const key of reflect.getOwnMetadataKeys?.(body) ?? []) {
    reflect.defineMetadata?.(key, reflect.getOwnMetadata?.(key, body), wrapper);
  }
  return wrapper;
}

/** What the package reflect-metadata adds to Reflect, where the application has loaded it. */
interface MetadataReflection {
  getOwnMetadataKeys(target: object): readonly unknown[];
  getOwnMetadata(key: unknown, target: object): unknown;
  defineMetadata(key: unknown, value: unknown, target: object): void;
}
