import { jsonlStages } from '@benchlab-otel/wire';
import type { AgentConfig } from '../config/agentConfig.ts';
import type { EffectiveConfig } from '../config/effectiveConfig.ts';
import { namedByOrigin } from '../config/namedByOrigin.ts';

/** What the configuration asks of the recording. Each part changes at a reload without the others. */
export interface RecordingPlan {
  readonly session: SessionPlan;
  /** Where pipelines write their stage events. */
  readonly stages: readonly string[];
  /** Frames of an emulated pipeline are recorded too. */
  readonly simulate: boolean;
  readonly upkeep: UpkeepPlan;
}

/** A change of it begins another session. */
export interface SessionPlan {
  readonly dataRoot: string;
  /** A name of the user's own. Absent: the second in which each session opens. */
  readonly name?: string;
  readonly pair: readonly [from: string, to: string];
  /** Each session is closed after this time, and the next one continues, hours. */
  readonly hours: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What is done with sessions that are closed. */
export interface UpkeepPlan {
  readonly dataRoot: string;
  readonly pair: SessionPlan['pair'];
  readonly days: number;
  readonly rawKeepDays: number;
  readonly quotaGb?: number;
  /** Tables for CapFrameX. */
  readonly deliver?: { readonly to: string; readonly application: string };
}

/** The tag that sessions of an agent have. One that was cut off is closed by the next agent, and others are left alone. */
export const ownTag = { recorder: 'benchlab-agent' } as const;

/** The socket on which pipelines find the agent, next to that of the samples: /run/benchlab/agent.stages.sock. */
function stagesPath(busPath: string): string {
  return `${busPath.replace(/\.sock$/, '')}.stages.sock`;
}

/** What the agent is from its start on. */
export interface RecordingPlace {
  readonly busPath: string;
  /** Name of the host among several. */
  readonly node: string | undefined;
}

/**
 * Undefined where nothing is recorded.
 *
 * @throws OptionError for an address of stage events that has no right form
 */
export function recordingPlan(
  { config, origins }: Pick<EffectiveConfig, 'config' | 'origins'>,
  { busPath, node }: RecordingPlace,
): RecordingPlan | undefined {
  try {
    // A wrong address throws here, before anything starts.
    for (const from of config.pipeline.from ?? []) jsonlStages({ from });
  } catch (error) {
    throw namedByOrigin(error, origins);
  }
  return planOf(config, { busPath, node });
}

function planOf(config: AgentConfig, { busPath, node }: RecordingPlace): RecordingPlan | undefined {
  const { general, pipeline, cx_export, retention, agent } = config;
  const { data_root: dataRoot, session } = general;
  if (dataRoot === undefined) return undefined;
  const pair = [pipeline.stage_a, pipeline.stage_b] as const;
  const { watch_dir: to } = cx_export;
  return {
    session: {
      dataRoot,
      pair,
      hours: agent.session_hours,
      tags: { ...ownTag, ...(node !== undefined && { node }) },
      ...(session !== undefined && { name: session }),
    },
    stages: pipeline.from ?? [`unix:${stagesPath(busPath)}`],
    simulate: agent.simulate,
    upkeep: {
      dataRoot,
      pair,
      days: retention.days,
      rawKeepDays: retention.raw_keep_days,
      ...(retention.quota_gb !== undefined && { quotaGb: retention.quota_gb }),
      ...(cx_export.enabled && to !== undefined && { deliver: { to, application: cx_export.application_name } }),
    },
  };
}
