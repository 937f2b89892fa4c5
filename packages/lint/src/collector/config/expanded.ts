/** The environment of a workload: what its file states. */
export type Environment = ReadonlyMap<string, string>;

const variable = /\$\{(?:env:)?([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/**
 * A text with `${env:NAME:-default}` and `${NAME}` replaced by the workload's values, else the defaults. Undefined where
 * that leaves something open: a variable without value, or another source, as `${file:…}`.
 */
export function expanded(text: string, environment: Environment): string | undefined {
  if (!text.includes('${')) return text;
  let isOpen = false;
  const replaced = text.replace(variable, (_, name: string, initial: string | undefined) => {
    const value = environment.get(name) ?? initial;
    if (value === undefined) isOpen = true;
    return value ?? '';
  });
  return isOpen || replaced.includes('${') ? undefined : replaced;
}
