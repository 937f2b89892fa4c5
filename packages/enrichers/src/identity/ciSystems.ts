import type { Attributes } from '@opentelemetry/api';

type Env = Readonly<Record<string, string | undefined>>;

/** A system that runs pipelines, and the variables that its jobs have. */
interface CiSystem {
  /** Of `vcs.provider.name` of the semantic conventions, where the system hosts repositories too. */
  readonly provider?: string;
  isHere(env: Env): boolean;
  /** By the name of the attribute. */
  attributes(env: Env): Readonly<Record<string, string | undefined>>;
}

/** Each by the variables that its documentation states ("Default environment variables", "Predefined variables"). */
const systems: readonly CiSystem[] = [
  {
    provider: 'github',
    isHere: (env) => env.GITHUB_ACTIONS === 'true',
    attributes: (env) => ({
      'cicd.pipeline.name': env.GITHUB_WORKFLOW,
      'cicd.pipeline.run.id': env.GITHUB_RUN_ID,
      'cicd.pipeline.run.url.full':
        env.GITHUB_REPOSITORY && env.GITHUB_RUN_ID
          ? `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`
          : undefined,
      'cicd.pipeline.task.name': env.GITHUB_JOB,
      'vcs.change.id': /^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? '')?.[1],
      'vcs.ref.head.name': env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME,
      'vcs.ref.head.revision': env.GITHUB_SHA,
    }),
  },
  {
    provider: 'gitlab',
    isHere: (env) => env.GITLAB_CI === 'true',
    attributes: (env) => ({
      'cicd.pipeline.name': env.CI_PIPELINE_NAME || env.CI_PROJECT_PATH,
      'cicd.pipeline.run.id': env.CI_PIPELINE_ID,
      'cicd.pipeline.run.url.full': env.CI_PIPELINE_URL,
      'cicd.pipeline.task.name': env.CI_JOB_NAME,
      'vcs.change.id': env.CI_MERGE_REQUEST_IID,
      'vcs.ref.head.name': env.CI_MERGE_REQUEST_SOURCE_BRANCH_NAME || env.CI_COMMIT_REF_NAME,
      'vcs.ref.head.revision': env.CI_COMMIT_SHA,
    }),
  },
  {
    isHere: (env) => Boolean(env.JENKINS_URL && env.BUILD_ID),
    attributes: (env) => ({
      'cicd.pipeline.name': env.JOB_NAME,
      'cicd.pipeline.run.id': env.BUILD_ID,
      'cicd.pipeline.run.url.full': env.BUILD_URL,
      'cicd.pipeline.task.name': env.STAGE_NAME,
      'vcs.change.id': env.CHANGE_ID,
      'vcs.ref.head.name': env.CHANGE_BRANCH || env.BRANCH_NAME || env.GIT_BRANCH,
      'vcs.ref.head.revision': env.GIT_COMMIT,
    }),
  },
  {
    isHere: (env) => env.BUILDKITE === 'true',
    attributes: (env) => ({
      'cicd.pipeline.name': env.BUILDKITE_PIPELINE_SLUG,
      'cicd.pipeline.run.id': env.BUILDKITE_BUILD_ID,
      'cicd.pipeline.run.url.full': env.BUILDKITE_BUILD_URL,
      'cicd.pipeline.task.name': env.BUILDKITE_LABEL,
      'vcs.change.id': env.BUILDKITE_PULL_REQUEST === 'false' ? undefined : env.BUILDKITE_PULL_REQUEST,
      'vcs.ref.head.name': env.BUILDKITE_BRANCH,
      'vcs.ref.head.revision': env.BUILDKITE_COMMIT,
    }),
  },
  {
    isHere: (env) => /^true$/i.test(env.TF_BUILD ?? ''),
    attributes: (env) => ({
      'cicd.pipeline.name': env.BUILD_DEFINITIONNAME,
      'cicd.pipeline.run.id': env.BUILD_BUILDID,
      'cicd.pipeline.run.url.full':
        env.SYSTEM_COLLECTIONURI && env.SYSTEM_TEAMPROJECT && env.BUILD_BUILDID
          ? `${env.SYSTEM_COLLECTIONURI}${encodeURIComponent(env.SYSTEM_TEAMPROJECT)}/_build/results?buildId=${env.BUILD_BUILDID}`
          : undefined,
      'cicd.pipeline.task.name': env.SYSTEM_JOBDISPLAYNAME,
      'vcs.change.id': env.SYSTEM_PULLREQUEST_PULLREQUESTNUMBER || env.SYSTEM_PULLREQUEST_PULLREQUESTID,
      'vcs.ref.head.name': env.SYSTEM_PULLREQUEST_SOURCEBRANCH || env.BUILD_SOURCEBRANCHNAME,
      'vcs.ref.head.revision': env.BUILD_SOURCEVERSION,
    }),
  },
];

/** What the variables of a job state of its run; empty outside of the systems that are known. */
export function ciAttributes(env: Env): Attributes {
  const system = systems.find((each) => each.isHere(env));
  if (system === undefined) return {};
  const given = Object.entries(system.attributes(env)).filter(([, value]) => value !== undefined && value !== '');
  return {
    ...(Object.fromEntries(given) as Attributes), // filtered just now
    ...(system.provider !== undefined && { 'vcs.provider.name': system.provider }),
  };
}
