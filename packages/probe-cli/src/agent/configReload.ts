import { messageOf } from '@benchlab-otel/core';
import type { SettingPath } from './config/agentConfig.ts';
import type { ReadConfig } from './config/readConfig.ts';
import { settingList } from './config/settings.ts';
import type { ReceiverPlan } from './plannedReceivers.ts';
import type { ReceiverChanges, ReceiverSet } from './receiverSet.ts';

/** How a reload went, for the log and for the one that asked. */
export interface ReloadResult {
  readonly outcome: 'applied' | 'unchanged' | 'refused';
  /** Hashes of the configuration, before and after. */
  readonly before: string;
  readonly after: string;
  /** Settings that changed and hold after the next start. */
  readonly atNextStart: readonly SettingPath[];
  readonly changes?: ReceiverChanges;
  /** The folder of the session that is recorded now. */
  readonly session?: string;
  readonly notes: readonly string[];
  /** Why the new configuration is not used. The one before holds. */
  readonly error?: string;
}

/** The pages and the sockets are never closed, and what identifies the process stays: these hold from the start on. */
const fixedSections: readonly string[] = ['prometheus', 'web', 'agent', 'otlp', 'alerts'];
const fixedPaths: readonly SettingPath[] = ['general.node_name'];
const reloadablePaths: readonly SettingPath[] = ['agent.sources', 'agent.session_hours'];

export interface ConfigReloadParts {
  readonly receivers: ReceiverSet;
  read(): Promise<ReadConfig>;
  plan(read: ReadConfig): ReceiverPlan;
  /** Changes what is recorded. Resolves to the folder of the session. @throws OptionError before it changes anything */
  record(read: ReadConfig): Promise<string | undefined>;
}

/** Reads the configuration again while the agent runs. One reload at a time; others wait. */
export class ConfigReload {
  readonly #parts: ConfigReloadParts;
  #current: ReadConfig;
  #last: Promise<unknown> = Promise.resolve();

  constructor(current: ReadConfig, parts: ConfigReloadParts) {
    this.#current = current;
    this.#parts = parts;
  }

  /** Never rejects. */
  reload(): Promise<ReloadResult> {
    const result = this.#last.then(() => this.#reload());
    this.#last = result;
    return result;
  }

  async #reload(): Promise<ReloadResult> {
    const before = this.#current;
    const { receivers, read, plan, record } = this.#parts;
    try {
      const after = await read();
      const planned = plan(after);
      const notes = [...after.notes, ...planned.notes];
      // Devices that were left alone are asked again, also without a change.
      receivers.reload();
      const hashes = { before: before.hash, after: after.hash };
      if (before.hash === after.hash) return { outcome: 'unchanged', ...hashes, atNextStart: [], notes };
      const session = await record(after);
      const changes = await receivers.replace(planned.receivers);
      this.#current = after;
      const atNextStart = fixedChanges(before, after);
      return { outcome: 'applied', ...hashes, atNextStart, changes, notes, ...(session !== undefined && { session }) };
    } catch (error) {
      const { hash } = before;
      return { outcome: 'refused', before: hash, after: hash, atNextStart: [], notes: [], error: messageOf(error) };
    }
  }
}

function fixedChanges(before: ReadConfig, after: ReadConfig): readonly SettingPath[] {
  const isFixed = (section: string, path: SettingPath) =>
    (fixedSections.includes(section) && !reloadablePaths.includes(path)) || fixedPaths.includes(path);
  const valueIn = ({ config }: ReadConfig, section: string, key: string) =>
    JSON.stringify((config as unknown as Record<string, Record<string, unknown>>)[section]?.[key]);
  return settingList()
    .filter(({ section, path }) => isFixed(section, path))
    .filter(({ section, key }) => valueIn(before, section, key) !== valueIn(after, section, key))
    .map(({ path }) => path);
}
