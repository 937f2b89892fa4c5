import { statSync } from 'node:fs';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { boundedBytes } from '../../presence/boundedBytes.ts';
import { type ConfigSources, type EffectiveConfig, effectiveConfig } from './effectiveConfig.ts';
import { type TomlFile, tomlFile } from './tomlFile.ts';

/** The file that is read where neither `--config` nor BENCHLAB_CONFIG names one. It may be missing. */
export const defaultConfigFile = '/etc/benchlab/config.toml';

/** A configuration has some kilobytes. */
const maxBytes = 256 * 1024;

const othersRead = 0o004;

export interface ConfigRequest extends Omit<ConfigSources, 'file'> {
  /** `--config` */
  readonly path?: string | undefined;
}

/** The configuration with the file that it was read from. */
export interface ReadConfig extends EffectiveConfig {
  /** Undefined where there is none. */
  readonly path: string | undefined;
}

/**
 * Reads the configuration: at the start, and again at each reload.
 *
 * @throws BenchlabError BAD_OPTION that states each mistake, its place and what is allowed
 */
export async function readConfig({ path, ...sources }: ConfigRequest): Promise<ReadConfig> {
  const named = path ?? (sources.environment.BENCHLAB_CONFIG?.trim() || undefined);
  const file = await fileAt(named ?? defaultConfigFile, named !== undefined);
  const effective = effectiveConfig({ ...sources, ...(file && { file }) });
  return { ...effective, notes: [...effective.notes, ...openTokens(effective)], path: file?.path };
}

async function fileAt(path: string, isNamed: boolean): Promise<TomlFile | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await boundedBytes(path, maxBytes);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // of the system, or an error without a code
    if (code === 'ENOENT' && !isNamed) return undefined;
    const what = `The configuration ${path} cannot be read: ${messageOf(cause)}.`;
    throw new BenchlabError('BAD_OPTION', what, 'Name a TOML file with --config that this user may read.', { cause });
  }
  if (bytes.length <= maxBytes) return tomlFile(path, bytes);
  const what = `The configuration ${path} has more than ${maxBytes / 1024} KiB.`;
  throw new BenchlabError('BAD_OPTION', what, 'Name the file of the configuration.');
}

/** A file that cannot be looked at is refused when the page reads it, with the reason. */
function modeOf(path: string): number {
  try {
    return statSync(path).mode;
  } catch {
    return 0;
  }
}

/** A secret that every user of the host can read is not one. */
function openTokens({ config, origins }: EffectiveConfig): readonly string[] {
  return (['prometheus', 'web'] as const).flatMap((section) => {
    const { token_file } = config[section];
    if (token_file === undefined || (modeOf(token_file) & othersRead) === 0) return [];
    const at = origins[`${section}.token_file`].text;
    return [`${at}: every user can read ${token_file}: chmod 640, with the group of the agent.`];
  });
}
