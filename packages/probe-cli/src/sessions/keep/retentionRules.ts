import { BenchlabError } from '@benchlab-otel/core';
import type { RetentionRules } from '@benchlab-otel/session';

/** The rules that the command line states; else the environment, by the names of the seed. */
export function retentionRules(options: RetentionRules, environment: NodeJS.ProcessEnv): RetentionRules {
  const days = options.days ?? daysOf('BENCHLAB_RETENTION_DAYS', environment);
  const rawKeepDays = options.rawKeepDays ?? daysOf('BENCHLAB_RAW_KEEP_DAYS', environment);
  const { quotaBytes } = options;
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
