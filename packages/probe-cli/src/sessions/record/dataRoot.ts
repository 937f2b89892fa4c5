import { existsSync } from 'node:fs';

/** Where the seed keeps its sessions. */
const systemRoot = '/var/log/benchlab';
const ownRoot = '.benchlab';

/** The folder whose `sessions` holds all sessions: what was given, the environment, the folder of the system, one of this folder. */
export function dataRootOf(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  const named = given ?? environment.BENCHLAB_DATA_ROOT?.trim();
  if (named) return named;
  return existsSync(systemRoot) ? systemRoot : ownRoot;
}
