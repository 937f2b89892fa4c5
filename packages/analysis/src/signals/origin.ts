import type { Attributes } from '@opentelemetry/api';
import { list, type Message, message, part } from './otlpMessage.ts';
import { decodeAttributes } from './receivedValue.ts';
import type { TextPool } from './textPool.ts';

/** Which program and which instrumentation an item came from. Shared by all items of one request that have the same. */
export interface Origin {
  /** Attributes of the resource: `service.name`, `host.name`, … */
  readonly resource: Attributes;
  readonly scope: Scope;
}

/** The instrumentation scope: a library or a module. */
interface Scope {
  /** Empty where the sender names none. */
  readonly name: string;
  readonly version?: string;
}

/** Origins that are remembered. At the bound all are forgotten: later requests make theirs again. */
const maxOrigins = 1_000;
/** Characters of the JSON text of an origin that is remembered. A larger one is made again for each request. */
const maxKey = 16_384;

/** Keeps one object for each resource and scope, however many requests repeat it. */
export class Origins {
  readonly #texts: TextPool;
  readonly #known = new Map<string, Origin>();

  constructor(texts: TextPool) {
    this.#texts = texts;
  }

  /**
   * Every item of a request with its origin: `resources` and `scopes` are the fields of the two levels above the items.
   *
   * @throws TypeError when the request does not have the shape of one
   */
  *items(request: unknown, resources: string, scopes: string, items: string): Generator<[Message, Origin]> {
    for (const fromResource of list(request, resources)) {
      const { attributes } = decodeAttributes(part(message(fromResource), 'resource'), this.#texts);
      for (const fromScope of list(fromResource, scopes)) {
        const origin = this.#origin(attributes, part(message(fromScope), 'scope'));
        for (const item of list(fromScope, items)) yield [message(item), origin];
      }
    }
  }

  #origin(resource: Attributes, { name, version }: Message): Origin {
    const scope: Scope = {
      name: typeof name === 'string' ? name : '',
      ...(typeof version === 'string' && version !== '' ? { version } : {}),
    };
    const origin: Origin = { resource, scope };
    const key = JSON.stringify(origin);
    if (key.length > maxKey) return origin;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= maxOrigins) this.#known.clear();
    this.#known.set(key, origin);
    return origin;
  }
}
