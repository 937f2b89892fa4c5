import { createHmac } from 'node:crypto';
import { createReportOnce, metric, type SelfCount, secretName } from '@benchlab-otel/core';
import type { Attributes, AttributeValue } from '@opentelemetry/api';
import { checkRedactRules, type RedactNames, type RedactRule, type RedactValue } from './redactRule.ts';
import { masked, TextMasker } from './textMasker.ts';

/** Whether a value stays as it is, by its name with dots. */
type Keeps = (name: string, value: unknown) => boolean;

/** What is done with the values of one name. */
interface Decision {
  /** The name itself, whose text may match a pattern. */
  readonly name: string;
  readonly isDropped: boolean;
  /** It is dropped by a rule that names it, so that all in it is, and not only because it is not among the allowed names. */
  readonly isRefused: boolean;
  /** Of the first rule that hashes this name. */
  readonly hashKey: string | undefined;
  /** Any text of this name is a secret. */
  readonly isSecret: boolean;
  readonly masker: TextMasker;
  /**
   * Texts of this name and what becomes of them: routes and statuses come again and again. Undefined once there were more
   * than a few of them, as of ids, of which each would be searched for, and none found.
   */
  known: Map<string, string> | undefined;
}

/** Names that are remembered; applications have few, but labels and headers may be made of data. */
const maxDecisions = 4_096;
/** Texts that are remembered of one name, of all names, and their length. */
const maxKnown = 64;
const maxKnownOfAll = 4_096;
const maxKnownLength = 256;
const maxHashes = 1_024;
const hashLength = 32;
/** Of a value with values in it. Deeper and further ones are dropped: one may contain itself. */
const maxDepth = 16;
const maxNodes = 10_000;

/**
 * Without these, no store can place a signal. A list of allowed names keeps them; patterns still apply.
 * Source: semantic conventions, resource; OpenTelemetry specification, metrics SDK, "Overflow attribute".
 */
const alwaysAllowed: ReadonlySet<string> = new Set([
  'service.name',
  'service.instance.id',
  'telemetry.sdk.language',
  'telemetry.sdk.name',
  'telemetry.sdk.version',
  'otel.metric.overflow',
]);

/** Applies the rules of `redact` to all that leaves the process. It never throws: a value whose rule fails is dropped. */
export class Redactor {
  readonly #rules: readonly RedactRule[];
  readonly #allowed: RedactNames | undefined;
  readonly #named = new Map<string, Decision>();
  /** Of texts that have no name of their own. */
  readonly #places = new Map<string, Decision>();
  /** By the numbers of their rules: names with the same rules share what was remembered. */
  readonly #maskers = new Map<string, TextMasker>();
  readonly #hashes = new Map<string, Map<string, string>>();
  #knownTexts = 0;
  readonly #report = createReportOnce('redact');
  readonly #done = { dropped: 0, hashed: 0, masked: 0, failed: 0 };
  readonly #actions = Object.fromEntries(
    Object.keys(this.#done).map((action) => [action, { 'benchlab.redaction.action': action }]),
  );
  #nodes = 0;
  /** Series that were merged into another at the latest collection, because their labels had become equal. */
  mergedSeries = 0;

  /** @throws OptionError that names the rule that is wrong */
  constructor(rules: readonly RedactRule[]) {
    checkRedactRules(rules);
    this.#rules = [...rules];
    const allowed = rules.flatMap((rule) => ('allow' in rule ? rule.allow : []));
    this.#allowed = rules.some((rule) => 'allow' in rule) ? allowed : undefined;
  }

  counts(): readonly SelfCount[] {
    const values = Object.entries(this.#done).map(([action, value]) => ({
      definition: metric.benchlabRedactionValues,
      value,
      ...(this.#actions[action] && { attributes: this.#actions[action] }),
    }));
    return [...values, { definition: metric.benchlabRedactionMergedSeries, value: this.mergedSeries }];
  }

  /** The same object where nothing changes. */
  attributes(attributes: Attributes): Attributes {
    let changed: Attributes | undefined;
    for (const given in attributes) {
      const value = attributes[given];
      if (value === undefined) continue;
      const decision = this.#of(given);
      const result = this.#attribute(value, given, decision);
      if (changed === undefined) {
        if (result === value && decision.name === given) continue;
        changed = before(attributes, given);
      }
      if (result !== undefined) changed[decision.name] = result;
    }
    return changed ?? attributes;
  }

  /**
   * A text without a name of its own, in a place that must not be empty: what is dropped becomes `[dropped]`.
   *
   * @param place as rules name it: `span.name`
   */
  text(text: string, place: string): string {
    return text === '' ? text : String(this.#scalar(text, place, this.#ofPlace(place)) ?? '[dropped]');
  }

  /** Any value without a name of its own, with all values in it. Undefined where it is dropped. */
  value(value: unknown, place: string): unknown {
    this.#nodes = 0;
    return this.#deep(value, place, 0, this.#ofPlace(place), () => false);
  }

  /**
   * The entries of an object with all values in them. Names have dots between the levels: `diagnostics.user`.
   *
   * @param keeps whether an entry stays as it is
   */
  entries(object: Readonly<Record<string, unknown>>, keeps: Keeps = () => false): Record<string, unknown> {
    this.#nodes = 0;
    return this.#object(object, '', 0, keeps);
  }

  /** What could not be redacted, because reading it threw, has left no trace: it is counted. */
  failed(what: string, error: unknown): undefined {
    this.#done.failed += 1;
    this.#report(`${what} could not be redacted and was dropped.`, error instanceof Error ? error.name : undefined);
    return undefined;
  }

  #attribute(value: AttributeValue, name: string, decision: Decision): AttributeValue | undefined {
    if (!Array.isArray(value)) return this.#scalar(value as RedactValue, name, decision);
    let changed = false;
    const items = value.flatMap((item) => {
      if (item === null || item === undefined) return [item];
      const result = this.#scalar(item, name, decision);
      changed ||= result !== item;
      return result === undefined ? [] : [result];
    });
    if (!changed) return value;
    if (items.length === 0 && value.length > 0) return undefined;
    // A list in an attribute has one type.
    const isMixed = items.some((item) => item != null && typeof item !== typeof items[0]);
    return (isMixed ? items.map(String) : items) as AttributeValue;
  }

  #scalar(value: RedactValue, name: string, decision: Decision): RedactValue | undefined {
    if (decision.isDropped) {
      this.#done.dropped += 1;
      return undefined;
    }
    if (decision.hashKey !== undefined) {
      this.#done.hashed += 1;
      return this.#hash(String(value), decision.hashKey);
    }
    if (decision.isSecret && typeof value === 'string') {
      this.#done.masked += 1;
      return masked;
    }
    const { known } = decision;
    if (known !== undefined && typeof value === 'string') return this.#remembered(value, name, decision, known);
    if (typeof value === 'boolean' && decision.masker.isPure) return value;
    return this.#searched(value, name, decision);
  }

  #remembered(text: string, name: string, decision: Decision, known: Map<string, string>): RedactValue | undefined {
    const before = known.get(text);
    if (before !== undefined) {
      if (before !== text) this.#done.masked += 1;
      return before;
    }
    const result = this.#searched(text, name, decision);
    if (typeof result !== 'string' || text.length > maxKnownLength) return result;
    if (known.size < maxKnown && this.#knownTexts < maxKnownOfAll) {
      known.set(text, result);
      this.#knownTexts += 1;
    } else {
      decision.known = undefined;
      this.#knownTexts -= known.size;
    }
    return result;
  }

  #searched(value: RedactValue, name: string, decision: Decision): RedactValue | undefined {
    let result: RedactValue | undefined;
    try {
      result = decision.masker.value(value, name);
    } catch (error) {
      return this.failed(`a value of ${decision.name}`, error);
    }
    if (result === undefined) this.#done.dropped += 1;
    else if (!Object.is(result, value)) this.#done.masked += 1;
    return result;
  }

  #deep(value: unknown, name: string, depth: number, decision: Decision, keeps: Keeps): unknown {
    this.#nodes += 1;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return this.#scalar(value, name, decision);
    }
    if (value === null || value === undefined) return value;
    if (typeof value === 'bigint') return this.#scalar(String(value), name, decision);
    if (depth >= maxDepth || this.#nodes > maxNodes || typeof value !== 'object') {
      this.#done.dropped += 1;
      return undefined;
    }
    if (value instanceof Uint8Array) return this.#bytes(value, name, decision);
    if (Array.isArray(value)) {
      return value.flatMap((item) => {
        const result = this.#deep(item, name, depth + 1, decision, keeps);
        return result === undefined ? [] : [result];
      });
    }
    // Of a name that is hashed or refused, all that is in it.
    if (decision.isRefused || decision.hashKey !== undefined) return this.#scalar(textOf(value), name, decision);
    return this.#object(value as Readonly<Record<string, unknown>>, `${name}.`, depth + 1, keeps);
  }

  /** Bytes may hold a text: they stay only where it has no match. */
  #bytes(value: Uint8Array, name: string, decision: Decision): unknown {
    const text = Buffer.from(value).toString('latin1');
    return this.#scalar(text, name, decision) === text ? value : undefined;
  }

  #object(
    object: Readonly<Record<string, unknown>>,
    prefix: string,
    depth: number,
    keeps: Keeps,
  ): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(object)) {
      const value = object[key];
      const name = prefix + key;
      if (keeps(name, value)) {
        result[key] = value;
        continue;
      }
      const decision = this.#of(name);
      const redacted = this.#deep(value, name, depth, decision, keeps);
      if (redacted === undefined) continue;
      const own = this.#of(key).name;
      // Not an assignment: `__proto__` would set the prototype.
      Object.defineProperty(result, own, { value: redacted, enumerable: true, configurable: true, writable: true });
    }
    return result;
  }

  #hash(text: string, key: string): string {
    const hashes = this.#hashes.get(key) ?? new Map<string, string>();
    this.#hashes.set(key, hashes); // as many as there are rules
    const known = hashes.get(text);
    if (known !== undefined) return known;
    const hash = createHmac('sha256', key).update(text).digest('hex').slice(0, hashLength);
    if (hashes.size >= maxHashes) hashes.clear();
    if (text.length <= maxKnownLength) hashes.set(text, hash);
    return hash;
  }

  #of(name: string): Decision {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const isAllowed = this.#allowed === undefined || alwaysAllowed.has(name) || matches(this.#allowed, name);
    const decision = this.#decide(
      name,
      isAllowed,
      this.#masker((rule) => 'mask' in rule && rule.names === undefined),
    );
    if (this.#named.size >= maxDecisions) {
      for (const { known: texts } of this.#named.values()) this.#knownTexts -= texts?.size ?? 0;
      this.#named.clear();
    }
    this.#named.set(name, decision);
    return decision;
  }

  /** A list of allowed names does not know places. */
  #ofPlace(place: string): Decision {
    const decision = this.#places.get(place) ?? this.#decide(place, true);
    this.#places.set(place, decision);
    return decision;
  }

  #decide(name: string, isAllowed: boolean, ofNames?: TextMasker): Decision {
    const isRefused = this.#rules.some((rule) => 'drop' in rule && matches(rule.drop, name));
    const isFor = ({ names }: { readonly names?: RedactNames }): boolean => names === undefined || matches(names, name);
    const hash = this.#rules.find((rule) => 'hash' in rule && matches(rule.hash, name));
    const masker = this.#masker((rule) => ('mask' in rule || 'replace' in rule) && isFor(rule));
    return {
      name: ofNames === undefined ? name : String(ofNames.value(name, name)),
      isRefused,
      isDropped: isRefused || !isAllowed,
      hashKey: hash && 'key' in hash ? hash.key : undefined,
      isSecret:
        ofNames !== undefined &&
        secretName.test(name) &&
        this.#rules.some((rule) => 'mask' in rule && rule.mask === 'secrets' && isFor(rule)),
      masker,
      known: masker.isPure ? new Map() : undefined,
    };
  }

  #masker(isFor: (rule: RedactRule) => boolean): TextMasker {
    const numbers = this.#rules.flatMap((rule, k) => (isFor(rule) ? [k] : []));
    const id = numbers.join();
    const rules = numbers.flatMap((k) => {
      const rule = this.#rules[k];
      return rule !== undefined && ('mask' in rule || 'replace' in rule) ? [rule] : [];
    });
    const masker = this.#maskers.get(id) ?? new TextMasker(rules);
    this.#maskers.set(id, masker);
    return masker;
  }
}

/** The attributes that stand before `name`, which are unchanged. */
function before(attributes: Attributes, name: string): Attributes {
  const copy: Attributes = {};
  for (const each in attributes) {
    if (each === name) return copy;
    copy[each] = attributes[each];
  }
  return copy;
}

/** Whether a name is in the list: `user.*` has all that begin with `user.`. */
function matches(names: RedactNames, name: string): boolean {
  return names.some((each) => {
    if (typeof each !== 'string') return new RegExp(each.source, each.flags.replace(/[gy]/g, '')).test(name);
    return each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : each === name;
  });
}

/** Of a value that is not written as JSON, as one that contains itself, no text is known. */
function textOf(value: object): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}
