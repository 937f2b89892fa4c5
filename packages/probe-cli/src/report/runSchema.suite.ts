import { readFileSync } from 'node:fs';

/** Where a report of a run does not have the form of the published schema. */
export function schemaProblems(report: unknown): readonly string[] {
  const schema = JSON.parse(readFileSync(new URL('../../schema/run.schema.json', import.meta.url), 'utf8'));
  return mismatches(report, schema, schema, 'result');
}

/** Enough of JSON Schema to check the one schema of this package: type, const, enum, required, properties, items. */
// biome-ignore lint/suspicious/noExplicitAny: a schema is a tree of anything
function mismatches(value: any, schema: any, root: any, path: string): string[] {
  if (schema.$ref) return mismatches(value, root.$defs[schema.$ref.replace('#/$defs/', '')], root, path);
  const found: string[] = [];
  const types = [schema.type ?? []].flat();
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const fits = types.some((one: string) => one === type || (one === 'integer' && Number.isInteger(value)));
  if (types.length > 0 && !fits) found.push(`${path} is ${type}, not ${types}`);
  if ('const' in schema && value !== schema.const) found.push(`${path} is not ${schema.const}`);
  if (schema.enum && !schema.enum.includes(value)) found.push(`${path} is not one of ${schema.enum}`);
  if (type === 'array') {
    for (const [k, item] of value.entries()) found.push(...mismatches(item, schema.items ?? {}, root, `${path}[${k}]`));
  }
  if (type === 'object') {
    for (const name of schema.required ?? []) if (!(name in value)) found.push(`${path}.${name} is missing`);
    for (const [name, inner] of Object.entries(value)) {
      const property = schema.properties?.[name] ?? schema.additionalProperties;
      if (property === false || property === undefined) found.push(`${path}.${name} is not in the schema`);
      else found.push(...mismatches(inner, property, root, `${path}.${name}`));
    }
  }
  return found;
}
