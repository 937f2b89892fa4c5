import { z } from 'zod';
import type { Setting } from './setting.ts';
import { sectionsWithoutEffect, settings } from './settings.ts';

/** A configuration file as it is written: every section and every key may be absent. */
export type WrittenConfig = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** The form of the file. Its JSON Schema is published with the package. */
export function fileSchema(): z.ZodType<WrittenConfig> {
  const sections = Object.entries(settings).map(([name, keys]) => [name, sectionSchema(name, keys)] as const);
  const ignored = Object.entries(sectionsWithoutEffect).map(([name, why]) => [
    name,
    z.record(z.string(), z.unknown()).optional().describe(`Without effect: ${why}`),
  ]);
  const schema = z.strictObject(Object.fromEntries([...sections, ...ignored]), 'tables of keys');
  return schema as z.ZodType<WrittenConfig>; // each of its values is a table, or absent
}

function sectionSchema(name: string, keys: Readonly<Record<string, Setting<unknown>>>) {
  const shape = Object.entries(keys).map(([key, { schema, summary, withoutEffect, initial }]) => {
    const parts = [
      summary,
      ...(withoutEffect === undefined ? [] : [`Without effect: ${withoutEffect}`]),
      ...(initial === undefined ? [] : [`Default ${JSON.stringify(initial)}`]),
    ];
    return [key, schema.optional().describe(parts.join('. '))] as const;
  });
  return z.strictObject(Object.fromEntries(shape), `a table of keys: [${name}]`).optional();
}
