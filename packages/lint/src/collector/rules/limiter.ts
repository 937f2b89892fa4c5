import { entryAt } from '../../yaml/node.ts';
import { placeOf } from '../config/collectorConfig.ts';
import { goDuration } from '../config/goDuration.ts';
import type { CollectorRule } from '../rule.ts';

/** https://github.com/open-telemetry/opentelemetry-collector/tree/main/processor/memorylimiterprocessor */
const isLimiter = (id: string) => id.split('/')[0] === 'memory_limiter';

const missing: CollectorRule = {
  id: 'memory-limiter-missing',
  severity: 'error',
  reason: 'Without a memory limiter a burst ends the collector, with all that it holds in memory.',
  fix: 'Put memory_limiter first into the processors of the pipeline.',
  *find({ config }) {
    for (const { id, at, receivers, processors } of config.pipelines) {
      // What a connector brings was limited in the pipeline before it.
      const isFed = receivers.length > 0 && receivers.every((each) => config.find('connectors', each.id) !== undefined);
      if (isFed || processors.some((each) => isLimiter(each.id))) continue;
      yield {
        at,
        message: `The pipeline ${id} has no memory_limiter: a burst ends the collector and loses what it holds.`,
      };
    }
  },
};

const first: CollectorRule = {
  id: 'memory-limiter-first',
  severity: 'error',
  reason:
    'What a processor before the limiter took is held in memory when the limiter refuses, and its work was in vain.',
  fix: 'Move memory_limiter to the front of the list.',
  *find({ config }) {
    for (const { id, processors } of config.pipelines) {
      const index = processors.findIndex((each) => isLimiter(each.id));
      const [at, before] = [processors[index]?.at, processors[0]?.id];
      if (index <= 0 || at === undefined) continue;
      yield {
        at,
        message: `In the pipeline ${id}, memory_limiter comes after ${before}, which has taken the data already.`,
      };
    }
  },
};

const limits: CollectorRule = {
  id: 'memory-limiter-limits',
  severity: 'error',
  reason: 'A limiter without a limit or an interval, or with a spike as large as its limit, does not limit.',
  fix: 'Set check_interval: 1s, and limit_mib with spike_limit_mib at 20 % of it, or the two percentages.',
  *find({ config }) {
    for (const limiter of config.used('processors', 'memory_limiter')) {
      const value = (key: string) => config.text(limiter.settings, key);
      const has = (key: string) => entryAt(limiter.settings, key) !== undefined;
      if (!has('limit_mib') && !has('limit_percentage')) {
        yield { at: limiter.at, message: `${limiter.id} states neither limit_mib nor limit_percentage.` };
      }
      const interval = value('check_interval');
      if (!has('check_interval') || (interval !== undefined && goDuration(interval) === 0)) {
        const at = placeOf(limiter, 'check_interval');
        yield { at, message: `${limiter.id} has no check_interval, so it never looks at the memory.` };
      }
      for (const [limit, spike] of [
        ['limit_mib', 'spike_limit_mib'],
        ['limit_percentage', 'spike_limit_percentage'],
      ] as const) {
        if (Number(value(spike)) < Number(value(limit)) || value(spike) === undefined || value(limit) === undefined)
          continue;
        yield { at: placeOf(limiter, spike), message: `${limiter.id} has a ${spike} that is not below its ${limit}.` };
      }
    }
  },
};

export const limiterRules: readonly CollectorRule[] = [missing, first, limits];
