import type { MetricDefinition } from './definition.ts';

// The store of artifacts: what became of them, and what waits.
const outcome = ['benchlab.artifact.outcome'] as const;
const none = [] as const;
const own = { stability: 'development', origin: 'benchlab' } as const;

export const benchlabArtifactObjects: MetricDefinition<typeof outcome> = {
  name: 'benchlab.artifact.objects',
  unit: '{object}',
  instrument: 'counter',
  attributes: outcome,
  description: 'Artifacts that were given to the store, by what became of them.',
  ...own,
};

export const benchlabArtifactWritten: MetricDefinition<typeof none> = {
  name: 'benchlab.artifact.written',
  unit: 'By',
  instrument: 'counter',
  attributes: none,
  description: 'Bytes of artifacts that this process has stored.',
  ...own,
};

export const benchlabArtifactWaiting: MetricDefinition<typeof none> = {
  name: 'benchlab.artifact.waiting',
  unit: 'By',
  instrument: 'gauge',
  attributes: none,
  description: 'Bytes of artifacts that wait to be stored.',
  ...own,
};
