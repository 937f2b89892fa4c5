import { didYouMean, shown } from '@benchlab-otel/core';
import type { z } from 'zod';
import { alertRuleKeys } from './alertRuleSchema.ts';
import type { ConfigProblem } from './configProblem.ts';
import { sectionsWithoutEffect, settings } from './settings.ts';
import type { TomlFile } from './tomlFile.ts';

type Issue = z.core.$ZodIssue;

/** What the schema found in a file, in the words of the file: the line, the key, its value, what is allowed, the nearest key. */
export function fileProblems(issues: readonly Issue[], file: TomlFile): readonly ConfigProblem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, file));
    return [wrongValue(issue, path, file)];
  });
}

function unknownKey(key: string, path: readonly string[], file: TomlFile): ConfigProblem {
  const [section, ...below] = path;
  if (below.length > 0) {
    const message = `The key ${shown(key)} is not known in ${path.join('.')}.`;
    const fix = `The keys are ${alertRuleKeys.join(', ')}.${didYouMean(key, alertRuleKeys)}`;
    return { at: placeOf([...path, key].join('.'), file), message, fix };
  }
  const at = placeOf(section === undefined ? key : `${section}.${key}`, file);
  if (section === undefined) {
    const known = [...Object.keys(settings), ...Object.keys(sectionsWithoutEffect)];
    const isTable = typeof file.values[key] === 'object';
    const what = isTable ? `There is no section [${key}].` : `The key ${shown(key)} stands in no section.`;
    return { at, message: what, fix: `The sections are ${known.join(', ')}.${didYouMean(key, known)}` };
  }
  const known = Object.keys(settings[section as keyof typeof settings] ?? {}); // a name that the schema has
  const elsewhere = sectionOf(key);
  const moved = elsewhere === undefined || elsewhere === section ? '' : ` ${key} belongs to [${elsewhere}].`;
  return {
    at,
    message: `The key ${shown(key)} is not known in [${section}].`,
    fix: `The keys are ${known.join(', ')}.${moved || didYouMean(key, known)}`,
  };
}

function sectionOf(key: string): string | undefined {
  return Object.entries(settings).find(([, keys]) => Object.hasOwn(keys, key))?.[0];
}

function wrongValue(issue: Issue, path: readonly string[], file: TomlFile): ConfigProblem {
  const [section = '', key] = path;
  const name = key === undefined ? `[${section}]` : path.join('.');
  const given = valueAt(file.values, path);
  const words = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const near = typeof given === 'string' ? didYouMean(given, words) : '';
  // A text where a number belongs is the usual slip.
  const quoted =
    typeof given === 'string' && /number|true or false/.test(issue.message) ? ' Write it without quotes.' : '';
  return {
    at: placeOf(path.join('.'), file),
    message: given === undefined ? `${name} is missing.` : `${name} is ${shown(given)}.`,
    fix: `It must be ${issue.message}.${near}${quoted}`,
  };
}

function placeOf(path: string, file: TomlFile): string {
  // The key, else the table in which it stands.
  const steps = path.split('.');
  const line = steps
    .map((_, index) => file.lineOf(steps.slice(0, steps.length - index).join('.')))
    .find((each) => each !== undefined);
  return line === undefined ? file.path : `${file.path}:${line}`;
}

function valueAt(values: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  let here: unknown = values;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[step];
  }
  return here;
}
