import { readFileSync } from 'node:fs';
import { BenchlabError, isObject, messageOf, shown } from '@benchlab-otel/core';
import { defaultConfigFile } from './readConfig.ts';
import type { Setting } from './setting.ts';
import { tomlFile } from './tomlFile.ts';

/**
 * What the configuration file of the agent states for one key, for commands that work on the same sessions. The rest of the file
 * is not judged. Undefined where there is no file, or it does not have the key.
 *
 * @throws BenchlabError BAD_OPTION for a file that is not TOML, cannot be read, or has a wrong value there
 */
export function writtenSetting<Value>(
  environment: NodeJS.ProcessEnv,
  [section, key]: readonly [section: string, key: string],
  { schema }: Setting<Value>,
): Exclude<Value, undefined> | undefined {
  const path = environment.BENCHLAB_CONFIG?.trim() || defaultConfigFile;
  const bytes = bytesOf(path);
  if (bytes === undefined) return undefined;
  const table = tomlFile(path, bytes).values[section];
  const value = isObject(table) ? table[key] : undefined;
  if (value === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const what = `${path}: ${section}.${key} is ${shown(value)}.`;
  throw new BenchlabError('BAD_OPTION', what, `It must be ${parsed.error.issues[0]?.message}.`);
}

function bytesOf(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // of the system
    const fix = 'Make it readable, or name another file in BENCHLAB_CONFIG.';
    throw new BenchlabError('BAD_OPTION', `${path} cannot be read: ${messageOf(cause)}.`, fix, { cause });
  }
}
