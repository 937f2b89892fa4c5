import { isObject } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Redactor } from './redactor.ts';

/** Scopes as they may leave the process: the same object each time, because exporters group by it. */
export class RedactedScopes {
  readonly #redactor: Redactor;
  readonly #known = new WeakMap<InstrumentationScope, InstrumentationScope>();

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  of<S extends InstrumentationScope>(scope: S): S {
    const known = this.#known.get(scope) ?? this.#redacted(scope);
    this.#known.set(scope, known);
    return known as S; // made of it
  }

  #redacted(scope: InstrumentationScope & { readonly attributes?: unknown }): InstrumentationScope {
    const { name, version, attributes } = scope;
    const changed = {
      ...scope,
      name: this.#redactor.text(name, 'scope.name'),
      ...(version && { version: this.#redactor.text(version, 'scope.version') }),
      ...(isObject(attributes) && { attributes: this.#redactor.attributes(attributes as Attributes) }),
    };
    const isSame = changed.name === name && changed.version === version && changed.attributes === attributes;
    return isSame ? scope : changed;
  }
}
