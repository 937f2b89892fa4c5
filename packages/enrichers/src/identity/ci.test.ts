import { describe, expect, it } from 'vitest';
import { ci } from './ci.ts';

const resource = (env: NodeJS.ProcessEnv): unknown => ci({ env }).resource?.();

// Values as the documentation of each system shows them.
describe('the variables of a job become attributes', () => {
  it('of GitHub Actions, for a pull request', () => {
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKFLOW: 'CI',
      GITHUB_RUN_ID: '1658821493',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'octo/hello',
      GITHUB_JOB: 'test',
      GITHUB_REF: 'refs/pull/42/merge',
      GITHUB_REF_NAME: '42/merge',
      GITHUB_HEAD_REF: 'fix',
      GITHUB_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
    };
    expect(resource(env)).toEqual({
      'cicd.pipeline.name': 'CI',
      'cicd.pipeline.run.id': '1658821493',
      'cicd.pipeline.run.url.full': 'https://github.com/octo/hello/actions/runs/1658821493',
      'cicd.pipeline.task.name': 'test',
      'vcs.change.id': '42',
      'vcs.ref.head.name': 'fix',
      'vcs.ref.head.revision': 'ffac537e6cbbf934b08745a378932722df287a53',
      'vcs.provider.name': 'github',
    });
    expect(resource({ ...env, GITHUB_REF: 'refs/heads/main', GITHUB_HEAD_REF: '', GITHUB_REF_NAME: 'main' })).toEqual(
      expect.objectContaining({ 'vcs.ref.head.name': 'main' }),
    );
    expect(resource({ ...env, GITHUB_REF: 'refs/heads/main' })).not.toHaveProperty(['vcs.change.id']);
  });

  it('of GitLab', () => {
    const env = {
      GITLAB_CI: 'true',
      CI_PROJECT_PATH: 'group/app',
      CI_PIPELINE_ID: '7',
      CI_PIPELINE_URL: 'https://gitlab.example/group/app/-/pipelines/7',
      CI_JOB_NAME: 'build',
      CI_MERGE_REQUEST_IID: '3',
      CI_COMMIT_REF_NAME: 'main',
      CI_COMMIT_SHA: 'abc',
    };
    expect(resource(env)).toMatchObject({
      'cicd.pipeline.name': 'group/app',
      'cicd.pipeline.run.id': '7',
      'vcs.change.id': '3',
      'vcs.provider.name': 'gitlab',
    });
  });

  it('of Jenkins', () => {
    const env = {
      JENKINS_URL: 'http://j/',
      BUILD_ID: '12',
      JOB_NAME: 'app/PR-5',
      BUILD_URL: 'http://j/12/',
      CHANGE_ID: '5',
    };
    expect(resource(env)).toEqual({
      'cicd.pipeline.name': 'app/PR-5',
      'cicd.pipeline.run.id': '12',
      'cicd.pipeline.run.url.full': 'http://j/12/',
      'vcs.change.id': '5',
    });
  });

  it('of Buildkite, where no pull request is the text false', () => {
    const env = {
      BUILDKITE: 'true',
      BUILDKITE_PIPELINE_SLUG: 'app',
      BUILDKITE_BUILD_ID: 'u-1',
      BUILDKITE_PULL_REQUEST: 'false',
    };
    expect(resource(env)).toEqual({ 'cicd.pipeline.name': 'app', 'cicd.pipeline.run.id': 'u-1' });
    expect(resource({ ...env, BUILDKITE_PULL_REQUEST: '9' })).toMatchObject({ 'vcs.change.id': '9' });
  });

  it('of Azure Pipelines', () => {
    const env = {
      TF_BUILD: 'True',
      BUILD_DEFINITIONNAME: 'app',
      BUILD_BUILDID: '31',
      SYSTEM_COLLECTIONURI: 'https://dev.azure.com/org/',
      SYSTEM_TEAMPROJECT: 'My Project',
      SYSTEM_PULLREQUEST_PULLREQUESTID: '8',
    };
    expect(resource(env)).toEqual({
      'cicd.pipeline.name': 'app',
      'cicd.pipeline.run.id': '31',
      'cicd.pipeline.run.url.full': 'https://dev.azure.com/org/My%20Project/_build/results?buildId=31',
      'vcs.change.id': '8',
    });
  });
});

it('adds nothing outside of a job, and nothing that is empty', () => {
  expect(resource({})).toEqual({});
  expect(resource({ CI: 'true', GITHUB_ACTIONS: 'yes' })).toEqual({});
  expect(resource({ GITHUB_ACTIONS: 'true', GITHUB_JOB: '' })).toEqual({ 'vcs.provider.name': 'github' });
});

it('refuses wrong options', () => {
  expect(() => ci({ environment: {} } as never)).toThrow('environment of ci is not allowed.');
  expect(() => ci({ env: 'x' as never })).toThrow('env is not allowed.');
});
