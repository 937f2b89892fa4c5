import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Redaction {
  readonly allowed_keys: readonly string[];
  readonly ignored_key_patterns: readonly string[];
}
const { redaction } = (parse(read('collector-config/gateway/gateway.yaml')) as { processors: { redaction: Redaction } })
  .processors;

interface RegistryPart {
  readonly spans?: readonly { readonly attributes?: readonly { readonly ref?: string; readonly key?: string }[] }[];
  readonly events?: RegistryPart['spans'];
}

/** Attributes of spans and events: those of metrics alone are labels, which the gateway leaves alone. */
const ofRegistry = ['spans', 'events'].flatMap((name) => {
  const part = parse(read(`registry/${name}.yaml`)) as RegistryPart;
  return [...(part.spans ?? []), ...(part.events ?? [])].flatMap(({ attributes = [] }) =>
    attributes.flatMap(({ ref, key }) => ref ?? key ?? []),
  );
});

test('the gateway lets every attribute pass that a span or event of the registry has', () => {
  const passes = (key: string) =>
    redaction.allowed_keys.includes(key) ||
    redaction.ignored_key_patterns.some((pattern) => new RegExp(pattern).test(key));

  expect(ofRegistry.length).toBeGreaterThan(20);
  expect(ofRegistry.filter((key) => !passes(key))).toEqual([]);
});

test('the gateway names no attribute twice, and none that holds what people write', () => {
  expect(new Set(redaction.allowed_keys).size).toBe(redaction.allowed_keys.length);
  for (const key of ['enduser.id', 'user.email', 'client.address', 'url.full', 'db.query.text', 'exception.message']) {
    expect(redaction.allowed_keys).not.toContain(key);
  }
});
