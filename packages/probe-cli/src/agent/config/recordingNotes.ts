import type { SettingPath } from './agentConfig.ts';
import type { EffectiveConfig } from './effectiveConfig.ts';
import { settingList } from './settings.ts';

const recordedSections: readonly string[] = ['pipeline', 'cx_export', 'retention'];
const recordedPaths: readonly SettingPath[] = ['general.session', 'agent.session_hours'];

/** What was set for recorded sessions, where nothing is recorded. */
export function recordingNotes({ config, origins }: Pick<EffectiveConfig, 'config' | 'origins'>): readonly string[] {
  if (config.general.data_root !== undefined) return [];
  return settingList()
    .filter(({ section, path }) => recordedSections.includes(section) || recordedPaths.includes(path))
    .filter(({ path }) => origins[path].kind !== 'default')
    .map(({ path }) => `${origins[path].text}: ${path} has no effect: without general.data_root nothing is recorded.`);
}
