import type { Position } from '../../findings/finding.ts';

/** The environment of a workload: what its file states, with the places. */
export type Environment = ReadonlyMap<string, Variable>;

export interface Variable {
  readonly value: string;
  readonly at: Position;
}

const variable = /\$\{(?:env:)?([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** The names of the variables in a text. */
export function variablesIn(text: string): readonly string[] {
  return text.includes('${') ? [...text.matchAll(variable)].map(([, name = '']) => name) : [];
}

/**
 * A text with `${env:NAME:-default}` and `${NAME}` replaced by the workload's values, else the defaults. Undefined where
 * that leaves something open: a variable without value, or another source, as `${file:…}`.
 */
export function expanded(text: string, environment: Environment): string | undefined {
  if (!text.includes('${')) return text;
  let isOpen = false;
  const replaced = text.replace(variable, (_, name: string, initial: string | undefined) => {
    const value = environment.get(name)?.value ?? initial;
    if (value === undefined) isOpen = true;
    return value ?? '';
  });
  return isOpen || replaced.includes('${') ? undefined : replaced;
}
