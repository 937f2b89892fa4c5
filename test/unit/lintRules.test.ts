import { readFileSync } from 'node:fs';
import { rulesKind, yamlRules } from '@benchlab-otel/lint';
import { expect, test } from 'vitest';
import { registry } from '../../monitoring/src/registry.ts';
import { collectorRules } from '../../packages/lint/src/collector/rules.ts';

test('docs/lint.md has a row for every rule of collectors, with its reason and its fix', () => {
  const document = readFileSync(new URL('../../docs/lint.md', import.meta.url), 'utf8');
  const rows = [...document.matchAll(/^\| `[a-z-]+` \| (?:error|warning) \|.*$/gm)].map(([row]) => row);

  expect(rows).toEqual(
    collectorRules.map(({ id, severity, reason, fix }) => `| \`${id}\` | ${severity} | ${reason} | ${fix} |`),
  );
});

test('docs/lint.md has a row for every rule of rules, with its reason', () => {
  const document = readFileSync(new URL('../../docs/lint.md', import.meta.url), 'utf8');
  const own = rulesKind(registry).rules.filter(({ id }) => !yamlRules.some((rule) => rule.id === id));

  for (const { id, reason } of own) expect(document).toContain(`| \`${id}\` | ${reason} |`);
});
