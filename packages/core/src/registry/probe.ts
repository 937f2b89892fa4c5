import type { MetricDefinition } from './definition.ts';

// What `benchlab-probe run` reports of itself.
const question = ['benchlab.probe.question', 'benchlab.probe.question.kind'] as const;
const verdict = ['benchlab.probe.question', 'benchlab.probe.question.kind', 'benchlab.probe.verdict'] as const;
const own = { stability: 'development', origin: 'benchlab' } as const;

export const benchlabProbeVerdict: MetricDefinition<typeof verdict> = {
  name: 'benchlab.probe.verdict',
  unit: '{verdict}',
  instrument: 'gauge',
  attributes: verdict,
  description:
    'Whether a budget or an expectation of a probe run has this verdict: 1 for the one it has, 0 for the others.',
  ...own,
};

export const benchlabProbeLimitUtilization: MetricDefinition<typeof question> = {
  name: 'benchlab.probe.limit.utilization',
  unit: '1',
  instrument: 'gauge',
  attributes: question,
  description: 'What a budget of a probe run observed, as a share of its limit: above 1, a budget with < has failed.',
  ...own,
};
