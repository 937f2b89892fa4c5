import { stringify } from 'smol-toml';
import type { ReadConfig } from './readConfig.ts';
import { type PlacedSetting, settingList } from './settings.ts';

/** The configuration that holds, as a file of it, with the origin of each value: it can be read again. */
export function configText(read: ReadConfig): string {
  const lines = [`# The configuration of the agent, ${read.hash}. File: ${read.path ?? 'none'}`];
  let section = '';
  for (const each of settingList()) {
    if (each.section !== section) lines.push('', `[${each.section}]`);
    section = each.section;
    lines.push(settingLine(each, read));
  }
  if (read.notes.length > 0) lines.push('', ...read.notes.map((note) => `# ${note}`));
  return `${lines.join('\n')}\n`;
}

function settingLine({ section, key, path, setting, variable }: PlacedSetting, read: ReadConfig): string {
  const value = (read.config as unknown as Record<string, Record<string, unknown>>)[section]?.[key];
  const effect = setting.withoutEffect === undefined ? '' : `; no effect: ${setting.withoutEffect}`;
  if (value === undefined) return `# ${key}: not set. ${setting.summary}. ${variable}${effect}`;
  const text = stringify({ [key]: shownValue(path, value) }).trim();
  return `${text} # ${read.origins[path].text}${effect}`;
}

/** An endpoint may hold a password. */
function shownValue(path: string, value: unknown): unknown {
  return path === 'otlp.endpoint' && typeof value === 'string' ? value.replace(/\/\/[^/@]*@/, '//***@') : value;
}
