// The Containerfiles, without an engine: what they are made from exists, and what they make has no rights. The step of
// Containerfile.agent that does something is run in install.test.ts.
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { goParts } from '../../../scripts/stack-parts.mjs';
import { images, inRepository } from './checks.ts';
import { instructions } from './containerfile.ts';

const files = ['deploy/Containerfile.agent', 'deploy/Containerfile.collector'];
const known = ['ARG', 'FROM', 'WORKDIR', 'COPY', 'RUN', 'USER', 'ENTRYPOINT', 'CMD'];

test.each(files)('%s has only instructions that are known, and never ADD, which fetches', async (file) => {
  for (const { name } of await instructions(inRepository(file))) expect(known).toContain(name);
});

test.each(files)('%s starts from an image of deploy/images.env or from nothing, in stages', async (file) => {
  const steps = await instructions(inRepository(file));
  const listed = await images();
  const args = steps.filter(({ name }) => name === 'ARG').map(({ text }) => text);
  const bases = steps.filter(({ name }) => name === 'FROM').map(({ text }) => text);

  expect(bases.length).toBeGreaterThan(1);
  for (const arg of args) expect(Object.keys(listed)).toContain(arg);
  for (const base of bases)
    expect(base).toMatch(new RegExp(`^(?:scratch|\\$\\{(?:${args.join('|')})\\})(?: AS \\w+)?$`));
  for (const [variable, image] of Object.entries(listed))
    expect(image, variable).toMatch(/:[\w][\w.-]*(?:@sha256:[0-9a-f]{64})?$/);
});

test.each(files)(
  '%s makes an image whose user has a number and no rights, and whose start has no shell',
  async (file) => {
    const steps = await instructions(inRepository(file));
    const last = steps.slice(steps.findLastIndex(({ name }) => name === 'FROM'));
    const user = last.find(({ name }) => name === 'USER');

    expect(user?.text).toBe('10001:10001');
    // What comes after it is not root's any more.
    expect(last.slice(last.indexOf(user ?? { name: '', text: '' })).map(({ name }) => name)).not.toContain('RUN');
    for (const { name, text } of last)
      if (/^(?:ENTRYPOINT|CMD)$/.test(name)) expect(Array.isArray(JSON.parse(text))).toBe(true);
  },
);

test.each(files)('%s copies what is there, and what .dockerignore lets through', async (file) => {
  const ignore = (await readFile(inRepository('.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('!'));
  const copied = (await instructions(inRepository(file)))
    .filter(({ name, text }) => name === 'COPY' && !text.includes('--from='))
    .flatMap(({ text }) => text.split(' ').slice(0, -1));

  expect(copied.length).toBeGreaterThan(0);
  for (const source of copied) {
    const folder = source.slice(0, source.lastIndexOf('/') + 1);
    expect(
      ignore.some((line) => line.startsWith(`!${folder}`)),
      source,
    ).toBe(true);
    // The archive is made before the image.
    if (source.startsWith('deploy/packed/')) continue;
    const [start, end] = source.slice(folder.length).split('*');
    const there = await readdir(inRepository(folder));
    expect(
      there.filter((each) => each.startsWith(start ?? '') && each.endsWith(end ?? '')),
      source,
    ).not.toEqual([]);
  }
});

test('the collector of the image is built as the one of the tests', async () => {
  const steps = await instructions(inRepository('deploy/Containerfile.collector'));
  const build = steps.find(({ text }) => text.includes('go build'))?.text ?? '';
  const flags = goParts.find(({ name }) => name === 'collector')?.ldflags;
  const install = await readFile(inRepository('scripts/stack-install.mjs'), 'utf8');

  expect(build).toContain(`-ldflags="${flags}"`);
  for (const flag of ['-trimpath', '-buildvcs=false', '-mod=readonly']) {
    expect(build).toContain(flag);
    expect(install).toContain(`'${flag}'`);
  }
  expect(build).toMatch(/^CGO_ENABLED=0 /);
});

test('Compose builds the collector from its Containerfile, with the base image of the list', async () => {
  const { services } = parse(await readFile(inRepository('collector-config/compose/compose.yaml'), 'utf8'), {
    merge: true,
  });

  expect(services.collector.build).toMatchObject({ context: '../..', dockerfile: 'deploy/Containerfile.collector' });
  expect(services.collector.build.args.GOLANG_IMAGE).toContain('GOLANG_IMAGE');
});
