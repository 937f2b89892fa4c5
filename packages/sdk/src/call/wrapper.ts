import { createReport } from '@benchlab-otel/core';
import { context, trace } from '@opentelemetry/api';
import { isGenerator, watchGenerator } from './generator.ts';
import { hasIdentity } from './hasIdentity.ts';
import { keepMarked, type Marked } from './marked.ts';
import { OpenCalls } from './openCalls.ts';
import { run } from './run.ts';
import { shared } from './shared.ts';
import type { Begin, Body, Watch } from './watch.ts';

const report = createReport('decorators');
const bodies = /* @__PURE__ */ shared('bodies', new WeakMap<object, Body>());

/**
 * A function that behaves like `body` and whose calls are watched. `current` returns what watching needs of the SDK; while
 * that is undefined, the wrapper only calls the body. `marked` is what the marks of one function share.
 */
export function watched<S>(body: Body, marked: Marked, current: () => S | undefined, begin: Begin<S>): Body {
  const safe: Begin<S> = (sdk, self, args) => {
    try {
      return begin(sdk, self, args);
    } catch (error) {
      report(`a call of ${body.name} could not be recorded.`, error);
      return undefined;
    }
  };
  const wrapper = isGenerator(body) ? generatorWrapper(body, current, safe) : plainWrapper(body, current, safe);
  bodies.set(wrapper, body);
  keepMarked(wrapper, marked);
  return imitate(wrapper, body);
}

/** `fn` and the functions that this package wrapped to make it, outermost first. */
export function madeOf(fn: unknown): readonly Body[] {
  const made: Body[] = [];
  for (let each = fn; typeof each === 'function'; each = bodies.get(each)) made.push(each as Body);
  return made;
}

// Methods of an object literal: unlike a `function`, they have no `prototype` and cannot be constructed, like methods.
function plainWrapper<S>(body: Body, current: () => S | undefined, begin: Begin<S>): Body {
  return {
    wrapper(this: unknown, ...args: unknown[]): unknown {
      const sdk = current();
      if (sdk === undefined) return body.apply(this, args);
      const watch = begin(sdk, this, args);
      return watch === undefined ? body.apply(this, args) : run(watch, body, this, args);
    },
  }.wrapper;
}

function generatorWrapper<S>(body: Body, current: () => S | undefined, begin: Begin<S>): Body {
  return {
    wrapper(this: unknown, ...args: unknown[]): unknown {
      const sdk = current();
      if (sdk === undefined) return body.apply(this, args);
      let generator: unknown;
      try {
        generator = body.apply(this, args);
      } catch (error) {
        // Default values and destructuring of parameters run before there is a generator.
        begin(sdk, this, args)?.fail(error);
        throw error;
      }
      // The caller that asked for the generator is the parent, even where a framework pulls it later from elsewhere.
      const asked = context.active();
      const start = (): Watch | undefined => {
        const watch = begin(sdk, this, args);
        // A generator that is dropped halfway has no end: its span ends when it is collected.
        return watch?.wantsEnd && hasIdentity(generator) ? new OpenCalls(generator, watch) : watch;
      };
      const hasParent = trace.getSpan(asked) !== undefined;
      watchGenerator(generator, hasParent ? () => context.with(asked, start) : start);
      return generator;
    },
  }.wrapper;
}

/** Copies name, length, own properties, the kind of function, and the metadata that libraries keep by reflection. */
function imitate(wrapper: Body, body: Body): Body {
  Object.setPrototypeOf(wrapper, Object.getPrototypeOf(body));
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(body));
  const reflect = Reflect as unknown as Partial<MetadataReflection>;
  for (const key of reflect.getOwnMetadataKeys?.(body) ?? []) {
    reflect.defineMetadata?.(key, reflect.getOwnMetadata?.(key, body), wrapper);
  }
  return wrapper;
}

/** The functions that the package reflect-metadata adds to Reflect, where the application has loaded it. */
interface MetadataReflection {
  getOwnMetadataKeys(target: object): readonly unknown[];
  getOwnMetadata(key: unknown, target: object): unknown;
  defineMetadata(key: unknown, value: unknown, target: object): void;
}
