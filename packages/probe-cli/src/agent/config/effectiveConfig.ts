import { createHash } from 'node:crypto';
import { BenchlabError, didYouMean, shown } from '@benchlab-otel/core';
import type { AgentConfig, SettingPath } from './agentConfig.ts';
import { type ConfigProblem, problemText } from './configProblem.ts';
import { contradictions } from './contradictions.ts';
import { fileProblems } from './fileProblems.ts';
import { fileSchema, type WrittenConfig } from './fileSchema.ts';
import { pageProblems } from './pageProtection.ts';
import { type PartialFlags, withPartialFlags } from './partialFlags.ts';
import { recordingNotes } from './recordingNotes.ts';
import { type PlacedSetting, sectionsWithoutEffect, settingList } from './settings.ts';
import type { TomlFile } from './tomlFile.ts';

/** Where a value comes from. */
export interface Origin {
  readonly kind: 'default' | 'file' | 'variable' | 'flag';
  /** As people read it: `default`, `/etc/benchlab/config.toml:3`, `BENCHLAB_SAMPLE_HZ`, `--rate`. */
  readonly text: string;
}

/** A value of the command line, with the flag that gave it. */
export interface GivenFlag {
  readonly value: unknown;
  readonly flag: string;
}

export interface ConfigSources {
  /** Absent where there is no file. */
  readonly file?: TomlFile;
  readonly environment: NodeJS.ProcessEnv;
  readonly flags: Readonly<Partial<Record<SettingPath, GivenFlag>>>;
  readonly partialFlags?: PartialFlags;
}

/** The configuration that holds, and where each value of it comes from. */
export interface EffectiveConfig {
  readonly config: AgentConfig;
  readonly origins: Readonly<Record<SettingPath, Origin>>;
  /** Settings that were made and that do nothing, and why. */
  readonly notes: readonly string[];
  /** Of the values: the same after a reload that changed nothing. 12 hexadecimal digits. */
  readonly hash: string;
}

/** Mistakes that one error lists. */
const maxListed = 20;

/**
 * Puts defaults, file, variables and flags on top of each other, the later over the earlier.
 *
 * @throws BenchlabError BAD_OPTION with every mistake: its line, variable or flag, and what is allowed
 */
export function effectiveConfig(sources: ConfigSources): EffectiveConfig {
  const written = sources.file === undefined ? {} : writtenIn(sources.file);
  const problems: ConfigProblem[] = [];
  const config: Record<string, Record<string, unknown>> = {};
  const origins: Record<string, Origin> = {};
  const notes: string[] = [...unknownVariables(sources.environment), ...sectionNotes(sources.file)];
  for (const each of settingList()) {
    const { value, origin } = layered(each, written, sources, problems);
    config[each.section] = { ...config[each.section], [each.key]: value };
    origins[each.path] = origin;
    const { withoutEffect } = each.setting;
    if (withoutEffect !== undefined && origin.kind !== 'default') {
      notes.push(`${origin.text}: ${each.path} has no effect: ${withoutEffect}.`);
    }
  }
  refuse(problems);
  const effective = {
    config: config as unknown as AgentConfig, // the schema of each setting was asked
    origins: origins as Record<SettingPath, Origin>, // one for each setting
  };
  const whole = withPartialFlags(effective, sources.partialFlags);
  refuse([...contradictions(whole), ...pageProblems(whole, sources.environment)]);
  return { ...whole, notes: [...notes, ...recordingNotes(whole)], hash: hashOf(whole.config) };
}

function writtenIn(file: TomlFile): WrittenConfig {
  const parsed = fileSchema().safeParse(file.values);
  if (parsed.success) return parsed.data;
  refuse(fileProblems(parsed.error.issues, file));
  return {};
}

function layered(
  { path, section, key, variable, setting }: PlacedSetting,
  written: WrittenConfig,
  { file, environment, flags }: ConfigSources,
  problems: ConfigProblem[],
): { readonly value: unknown; readonly origin: Origin } {
  const flag = flags[path];
  if (flag !== undefined) return { value: flag.value, origin: { kind: 'flag', text: flag.flag } };
  const text = environment[variable]?.trim();
  if (text) {
    const parsed = setting.schema.safeParse(setting.fromText(text));
    if (parsed.success) return { value: parsed.data, origin: { kind: 'variable', text: variable } };
    const [issue] = parsed.error.issues;
    problems.push({ at: variable, message: `It is ${shown(text)}.`, fix: `It must be ${issue?.message}.` });
  }
  const value = written[section]?.[key];
  if (value !== undefined && file !== undefined) {
    const line = file.lineOf(path);
    return { value, origin: { kind: 'file', text: line === undefined ? file.path : `${file.path}:${line}` } };
  }
  return { value: setting.initial, origin: { kind: 'default', text: 'default' } };
}

/** A misspelt variable would be a value that silently does not hold. Other programs of ours have variables of this prefix too. */
function unknownVariables(environment: NodeJS.ProcessEnv): readonly string[] {
  const known = [...settingList().map(({ variable }) => variable), 'BENCHLAB_CONFIG'];
  return Object.keys(environment)
    .filter((name) => name.startsWith('BENCHLAB_') && !known.includes(name))
    .map((name) => `${name}: no setting has this variable.${didYouMean(name, known)}`)
    .slice(0, maxListed);
}

function sectionNotes(file: TomlFile | undefined): readonly string[] {
  return Object.entries(sectionsWithoutEffect)
    .filter(([section]) => file !== undefined && Object.hasOwn(file.values, section))
    .map(([section, why]) => `${file?.path}:${file?.lineOf(section) ?? 1}: [${section}] has no effect: ${why}.`);
}

function refuse(problems: readonly ConfigProblem[]): void {
  if (problems.length === 0) return;
  const lines = problems.slice(0, maxListed).map((each) => `\n${problemText(each)}`);
  const more = problems.length > maxListed ? `\nand ${problems.length - maxListed} more.` : '';
  throw new BenchlabError(
    'BAD_OPTION',
    `The configuration of the agent cannot be used:${lines.join('')}${more}`,
    '\nbenchlab-probe agent config --check judges it without starting anything.',
  );
}

function hashOf(config: AgentConfig): string {
  return createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 12);
}
