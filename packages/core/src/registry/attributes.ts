import { artifactAttributes } from './attributes/artifact.ts';
import { benchlabAttributes } from './attributes/benchlab.ts';
import { energyAttributes } from './attributes/energy.ts';
import { generalAttributes } from './attributes/general.ts';
import { hwAttributes } from './attributes/hw.ts';
import { identityAttributes } from './attributes/identity.ts';
import { kernelAttributes } from './attributes/kernel.ts';
import type { AttributeDefinition, AttributeDetail, Vocabulary } from './definition.ts';

export type CoreVocabulary = typeof hwAttributes &
  typeof benchlabAttributes &
  typeof energyAttributes &
  typeof identityAttributes &
  typeof artifactAttributes &
  typeof kernelAttributes &
  typeof generalAttributes;

/** The name of an attribute of the core's registry. */
export type AttributeName = keyof CoreVocabulary;

const vocabulary: Readonly<Record<AttributeName, AttributeDetail>> = {
  ...hwAttributes,
  ...benchlabAttributes,
  ...energyAttributes,
  ...identityAttributes,
  ...artifactAttributes,
  ...kernelAttributes,
  ...generalAttributes,
};

/** Every attribute of the core. */
export const attributes: readonly AttributeDefinition[] = attributesIn(vocabulary);

/** The attributes of a vocabulary as a list. */
export function attributesIn(given: Vocabulary): readonly AttributeDefinition[] {
  return Object.entries(given).map(([name, detail]) => ({ name, ...detail }));
}

/** `hw.sensor_location` → `hwSensorLocation`, `benchlab.gpu.clock` → `gpuClock`: our own prefix is left out. */
type KeyOf<Name extends string> = Name extends `benchlab.${infer Rest}` ? CamelCase<Rest> : CamelCase<Name>;

type CamelCase<Name extends string> = Name extends `${infer Head}.${infer Tail}`
  ? `${CamelCase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Name extends `${infer Head}_${infer Tail}`
    ? `${Head}${Capitalize<CamelCase<Tail>>}`
    : Name;

type AttributeKeys = { readonly [Name in AttributeName as KeyOf<Name>]: Name };

/** Names of the core's attributes, for code: `{ [attribute.hwId]: uid }`. The keys follow from the names by rule. */
export const attribute: AttributeKeys = Object.fromEntries(
  // The type and `keyOf` state the same rule; a test compares the two.
  attributes.map(({ name }) => [keyOf(name), name]),
) as AttributeKeys;

function keyOf(name: string): string {
  return name.replace(/^benchlab\./, '').replace(/[._]([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}
