import type { AttributeName, CoreVocabulary } from './attributes.ts';
import type { AttributeDetail, Vocabulary } from './definition.ts';

/**
 * What an attribute may be: of its closed set, else of its type. `V` defines the attributes that the core does not have;
 * a name that neither has may be any scalar.
 */
export type AttributeValue<N extends string, V extends Vocabulary = Vocabulary> = string extends keyof V
  ? CoreValue<N>
  : N extends keyof V
    ? ValueOf<V[N]>
    : CoreValue<N>;

type CoreValue<N extends string> = N extends AttributeName ? ValueOf<CoreVocabulary[N]> : string | number | boolean;

type ValueOf<D extends AttributeDetail> = D extends { readonly values: readonly (infer Value)[] }
  ? Value
  : TypeNamed[D['type']];

interface TypeNamed {
  readonly string: string;
  readonly int: number;
  readonly number: number;
  readonly boolean: boolean;
  readonly 'string[]': readonly string[];
  readonly 'int[]': readonly number[];
}

/** Attributes of a definition: those names, each with a value of its own kind. What is undefined is left out. */
export type AttributesOf<Names extends readonly string[], V extends Vocabulary = Vocabulary> = [Names[number]] extends [
  never,
]
  ? Readonly<Record<string, never>>
  : { readonly [N in Names[number]]?: AttributeValue<N, V> | undefined };
