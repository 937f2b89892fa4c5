import { BenchlabError } from '@benchlab-otel/core';
import type { RetentionRules } from '@benchlab-otel/session';
import { settings } from '../../agent/config/settings.ts';
import { writtenSetting } from '../../agent/config/writtenSetting.ts';

/** The rules that the command line states; else the environment, by the names of the seed; else the configuration of the agent. */
export function retentionRules(options: RetentionRules, environment: NodeJS.ProcessEnv): RetentionRules {
  const { retention } = settings;
  const written = (key: 'days' | 'raw_keep_days') => writtenSetting(environment, ['retention', key], retention[key]);
  const days = options.days ?? daysOf('BENCHLAB_RETENTION_DAYS', environment) ?? written('days');
  const rawKeepDays = options.rawKeepDays ?? daysOf('BENCHLAB_RAW_KEEP_DAYS', environment) ?? written('raw_keep_days');
  const quotaGb = writtenSetting(environment, ['retention', 'quota_gb'], retention.quota_gb);
  const quotaBytes = options.quotaBytes ?? (quotaGb === undefined ? undefined : quotaGb * 1e9);
  return {
    ...(days === undefined ? {} : { days }),
    ...(rawKeepDays === undefined ? {} : { rawKeepDays }),
    ...(quotaBytes === undefined ? {} : { quotaBytes }),
  };
}

function daysOf(name: string, environment: NodeJS.ProcessEnv): number | undefined {
  const text = environment[name]?.trim();
  if (!text) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  throw new BenchlabError('BAD_OPTION', `${name} is ${JSON.stringify(text)}.`, 'Write a number of days: 90.');
}
