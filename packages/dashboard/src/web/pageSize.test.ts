import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const page = fileURLToPath(new URL('../../dist/page/', import.meta.url));
const files = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(?:html|js|css)$/.test(name),
);

// Built by scripts/prepare.mjs, which npm test runs first.
it('has at most 80 kB of compressed code and styles, with the charts', () => {
  const bytes = files.map((name) => gzipSync(readFileSync(`${page}${name}`)).length);
  expect(bytes.length).toBeGreaterThanOrEqual(3);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(80_000);
});

it('names no other host, except namespaces', () => {
  const hosts = files.flatMap((name) => readFileSync(`${page}${name}`, 'utf8').match(/https?:\/\/[a-z0-9.-]+/gi) ?? []);
  expect(hosts.filter((host) => host !== 'http://www.w3.org')).toEqual([]);
});
