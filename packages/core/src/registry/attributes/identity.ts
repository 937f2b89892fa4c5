/**
 * What and where something ran: repository, pipeline, container, test. From the OpenTelemetry semantic conventions 1.45,
 * groups vcs, cicd, container and test.
 */
export const identityAttributes = {
  'vcs.ref.head.revision': { type: 'string', origin: 'semconv', description: 'The commit that was checked out.' },
  'vcs.ref.head.name': { type: 'string', origin: 'semconv', description: 'The branch that was checked out.' },
  'vcs.repository.url.full': {
    type: 'string',
    origin: 'semconv',
    description: 'The address of the origin, without credentials.',
  },
  'vcs.change.id': { type: 'string', origin: 'semconv', description: 'The pull or merge request, by its number.' },
  'vcs.provider.name': { type: 'string', origin: 'semconv', description: 'What hosts the repository: `github`.' },
  'benchlab.vcs.modified': {
    type: 'boolean',
    origin: 'benchlab',
    description: 'Whether files that the repository tracks differ from the commit.',
  },
  'cicd.pipeline.name': { type: 'string', origin: 'semconv', description: 'The pipeline by its name.' },
  'cicd.pipeline.run.id': { type: 'string', origin: 'semconv', description: 'The run of the pipeline.' },
  'cicd.pipeline.run.url.full': { type: 'string', origin: 'semconv', description: 'Where the run is shown.' },
  'cicd.pipeline.task.name': { type: 'string', origin: 'semconv', description: 'The job of the run.' },
  'container.id': { type: 'string', origin: 'semconv', description: 'The container that the process runs in.' },
  'test.case.name': { type: 'string', origin: 'semconv', description: 'The test that ran.' },
  'test.suite.name': { type: 'string', origin: 'semconv', description: 'The file or group that the test belongs to.' },
} as const;
