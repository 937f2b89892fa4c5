import { readdirSync, readFileSync } from 'node:fs';
import { prometheusName } from '@benchlab-otel/core';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { namedQueries } from './queries.ts';
import { registry } from './registry.ts';

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string; readonly expr: string }[] }[];
}

const { metrics: undrawn } = JSON.parse(readFileSync(new URL('../undrawn-metrics.json', import.meta.url), 'utf8')) as {
  readonly metrics: Readonly<Record<string, string>>;
};
const folder = new URL('../../collector-config/prometheus/rules/', import.meta.url);
const rules = readdirSync(folder).flatMap((file) =>
  (parse(readFileSync(new URL(file, folder), 'utf8')) as Rules).groups.flatMap((group) => group.rules),
);
const panels = namedQueries().filter(({ place }) => 'panel' in place);
const asked = new Set(
  [...panels, ...rules].flatMap(({ expr }) =>
    [...expr.matchAll(/[a-zA-Z_:][\w:]*/g)].flatMap(([name]) => [name, name.replace(/_(bucket|sum|count)$/, '')]),
  ),
);
const names = registry.metrics.map((definition) => prometheusName(definition));

test('every metric of the registry is drawn, alerted on, or listed with a reason', () => {
  expect(names.filter((name) => !asked.has(name) && undrawn[name] === undefined)).toEqual([]);
});

test('each entry is a metric of the registry, is not drawn, and has a reason in a sentence', () => {
  for (const [name, reason] of Object.entries(undrawn)) {
    expect(names).toContain(name);
    expect(asked.has(name), `${name} is drawn or alerted on`).toBe(false);
    expect(reason, name).toMatch(/^[A-Z].*\.$/);
  }
});
