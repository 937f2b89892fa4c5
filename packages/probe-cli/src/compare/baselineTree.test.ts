import { BenchlabError } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { moved, refuseFilesOf } from './baselineTree.ts';

it('gives variables with paths of one tree those of the other, and leaves the others', () => {
  const environment = {
    PATH: '/repo/app/node_modules/.bin:/repo/node_modules/.bin:/usr/bin:/repository/bin',
    INIT_CWD: '/repo',
    HOME: '/home/me',
    URL: 'http://host:80/repo',
  };

  expect(moved(environment, '/repo', '/tmp/x/tree')).toEqual({
    PATH: '/tmp/x/tree/app/node_modules/.bin:/tmp/x/tree/node_modules/.bin:/usr/bin:/repository/bin',
    INIT_CWD: '/tmp/x/tree',
    HOME: '/home/me',
    URL: 'http://host:80/repo',
  });
});

it.each([['/repo/dist/app.js'], ['--require=/repo/x.cjs'], ['a:/repo/b'], ['/repo']])(
  'refuses the argument %s',
  (argument) => {
    expect(() => refuseFilesOf('/repo', ['node', argument])).toThrow(BenchlabError);
    expect(() => refuseFilesOf('/repo', ['node', argument])).toThrow('so the baseline would run it, too');
  },
);

it.each([['dist/app.js'], ['/repository/app.js'], ['--repo'], ['http://host/repo/x']])(
  'takes the argument %s',
  (argument) => {
    expect(() => refuseFilesOf('/repo', ['node', argument])).not.toThrow();
  },
);
