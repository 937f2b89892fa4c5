import {
  type AttributesOf,
  type AttributeValue,
  createReport,
  type LogEventDefinition,
  type Report,
  type SpanDefinition,
  type Vocabulary,
} from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { AttributeCheck } from './attributeCheck.ts';
import { countFault } from './recordFaults.ts';

/** The attributes that a span or a log event must have, and those that it may have. */
export type RequiredAndOptional<
  R extends readonly string[],
  O extends readonly string[],
  V extends Vocabulary = Vocabulary,
> = {
  readonly [N in R[number]]: AttributeValue<N, V>;
} & AttributesOf<O, V>;

/** Characters of an attribute: a hash, a version or a few words. */
const maxLength = 1024;

/** Checks the attributes of one kind of span or log event against its definition. */
export class SignalCheck {
  readonly report: Report;
  readonly #required: readonly string[];
  readonly #check: AttributeCheck;

  constructor({ name, required, optional, vocabulary }: SpanDefinition | LogEventDefinition) {
    this.report = createReport(name);
    this.#required = required;
    this.#check = new AttributeCheck([...required, ...optional], vocabulary, maxLength, (trouble) => {
      this.report(trouble);
      countFault('attribute');
    });
  }

  /** The attributes that may be recorded. Never throws; a missing one is a fault, and recording continues without it. */
  attributes(given: unknown): Attributes {
    const attributes = this.#readable(given);
    for (const name of this.#required) {
      if (attributes[name] !== undefined) continue;
      this.report(`it has no '${name}', which its definition requires.`);
      countFault('missing_attribute');
    }
    return attributes;
  }

  #readable(given: unknown): Attributes {
    try {
      return this.#check.attributes(given);
    } catch (error) {
      this.report('its attributes could not be read.', error);
      countFault('attribute');
      return {};
    }
  }
}

// Derived from the definition alone, so it is made once for each; weakly, because an application may have its own.
const checks = new WeakMap<SpanDefinition | LogEventDefinition, SignalCheck>();

export function signalCheck(definition: SpanDefinition | LogEventDefinition): SignalCheck {
  const check = checks.get(definition) ?? new SignalCheck(definition);
  checks.set(definition, check);
  return check;
}
