import { benchlabAttributes } from './attributes/benchlab.ts';
import { energyAttributes } from './attributes/energy.ts';
import { hwAttributes } from './attributes/hw.ts';
import { labelAttributes } from './attributes/labels.ts';
import { modelAttributes } from './attributes/model.ts';
import { pipelineAttributes } from './attributes/pipeline.ts';
import type { AttributeDefinition } from './definition.ts';

type Details = typeof hwAttributes &
  typeof benchlabAttributes &
  typeof energyAttributes &
  typeof pipelineAttributes &
  typeof modelAttributes &
  typeof labelAttributes;

/** The name of an attribute of the registry. */
export type AttributeName = keyof Details;

/** What an attribute may be: of its closed set, else of its type. Names that the registry does not have may be anything. */
export type AttributeValue<N extends string> = N extends AttributeName
  ? Details[N] extends { readonly values: readonly (infer V)[] }
    ? V
    : TypeNamed[Details[N]['type']]
  : string | number | boolean;

interface TypeNamed {
  readonly string: string;
  readonly int: number;
  readonly number: number;
  readonly boolean: boolean;
  readonly 'string[]': readonly string[];
  readonly 'int[]': readonly number[];
}

/** Attributes of a definition: those names, each with a value of its own kind. What is undefined is left out. */
export type AttributesOf<Names extends readonly string[]> = [Names[number]] extends [never]
  ? Readonly<Record<string, never>>
  : { readonly [N in Names[number]]?: AttributeValue<N> | undefined };

const details: Record<AttributeName, Omit<AttributeDefinition, 'name'>> = {
  ...hwAttributes,
  ...benchlabAttributes,
  ...energyAttributes,
  ...pipelineAttributes,
  ...modelAttributes,
  ...labelAttributes,
};

/** Every attribute of the registry. */
export const attributes: readonly AttributeDefinition[] = Object.entries(details).map(([name, detail]) => ({
  name,
  ...detail,
}));

export { attribute } from './attributeNames.ts';
