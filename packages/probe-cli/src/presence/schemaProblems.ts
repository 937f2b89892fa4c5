import { didYouMean, prometheusName, shown } from '@benchlab-otel/core';
import type { YamlNode } from '@benchlab-otel/lint';
import { z } from 'zod';
import { probeSchema } from './probeSchema.ts';
import { type FilePath, type FileProblem, pathText, plainValue } from './yamlValue.ts';

type Issue = z.core.$ZodIssue;

/** Mistakes of one file that are reported. */
const maxProblems = 50;

/** What the schema found, in the words of the file: the key, its value, what is allowed, the nearest name. */
export function schemaProblems(issues: readonly Issue[], root: YamlNode): readonly FileProblem[] {
  const value = plainValue(root);
  return issues.flatMap((issue) => problemsOf(issue, [], value)).slice(0, maxProblems);
}

function problemsOf(issue: Issue, above: FilePath, root: unknown): readonly FileProblem[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path));
  const given = at(root, path);
  if (issue.code === 'invalid_union') {
    // What was written has the form of this alternative, and a mistake in it.
    const meant = issue.errors.find((each) => each.length > 0 && !each.some(isOfOtherForm));
    if (meant !== undefined) return meant.flatMap((each) => problemsOf(each, path, root));
  }
  if (issue.code === 'invalid_key') {
    const message = `A key of ${pathText(path.slice(0, -1))} is empty or too long.`;
    return [{ rule: 'probe-key', path, atKey: true, message, fix: 'Write a name of 1 to 256 characters.' }];
  }
  const name = pathText(path) || 'The file';
  if (given === undefined) {
    return [{ rule: 'probe-missing', path, message: `${name} is missing.`, fix: `It must be ${issue.message}.` }];
  }
  const words = issue.code === 'invalid_value' ? issue.values.map(String) : wordsOf(issue);
  const near = typeof given === 'string' ? didYouMean(given, words) : '';
  const hint = path.at(-1) === 'name' && path[0] === 'series' && typeof given === 'string' ? nameHint(given) : near;
  const what = given === null ? `${name} has no value.` : `${name} is ${shown(given)}.`;
  return [{ rule: 'probe-value', path, message: what, fix: `It must be ${issue.message}.${hint}` }];
}

function isOfOtherForm({ path, code }: Issue): boolean {
  return path.length === 0 && code.startsWith('invalid_');
}

/** The words that the alternatives of a union allow. */
function wordsOf(issue: Issue): readonly string[] {
  if (issue.code !== 'invalid_union') return [];
  return issue.errors.flat().flatMap((each) => (each.code === 'invalid_value' ? each.values.map(String) : []));
}

/** A dotted name is that of OpenTelemetry. Its unit and its type decide how it ends, so this is its beginning. */
function nameHint(given: string): string {
  const name = prometheusName({ name: given, unit: '', instrument: 'gauge' });
  return name === '' || name === given ? '' : ` In Prometheus it begins with ${name}.`;
}

function unknownKey(key: string, path: FilePath): FileProblem {
  const known = keysAt(path);
  const place = path.length === 0 ? 'the file' : pathText(path);
  return {
    rule: 'probe-key',
    path: [...path, key],
    atKey: true,
    message: `The key ${shown(key)} is not known in ${place}.`,
    fix: `The keys are ${known.join(', ')}.${didYouMean(key, known)}`,
  };
}

function at(root: unknown, path: FilePath): unknown {
  let here = root;
  for (const step of path) {
    const key = String(step);
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key]; // an own key of an object or a list
  }
  return here;
}

/** The keys that the schema has at a place. */
function keysAt(path: FilePath): readonly string[] {
  let here: unknown = probeSchema;
  for (const step of path) here = schemaBelow(mapOf(here), step);
  const map = mapOf(here);
  return map instanceof z.ZodObject ? Object.keys(map.shape) : [];
}

/** Without what only wraps it; of a union the alternative that is a map. */
function mapOf(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional) return mapOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.map(mapOf).find((each) => each instanceof z.ZodObject);
  return schema;
}

function schemaBelow(schema: unknown, step: string | number): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[step];
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodRecord ? schema.valueType : undefined;
}
