import { existsSync } from 'node:fs';
import { settings } from '../../agent/config/settings.ts';
import { writtenSetting } from '../../agent/config/writtenSetting.ts';

/** Where the seed keeps its sessions. */
const systemRoot = '/var/log/benchlab';
const ownRoot = '.benchlab';

/**
 * The folder whose `sessions` holds all sessions: what was given, the environment, the configuration of the agent, the folder of
 * the system, one of this folder.
 */
export function dataRootOf(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  const named = given ?? environment.BENCHLAB_DATA_ROOT?.trim();
  if (named) return named;
  const configured = writtenSetting(environment, ['general', 'data_root'], settings.general.data_root);
  return configured ?? (existsSync(systemRoot) ? systemRoot : ownRoot);
}
