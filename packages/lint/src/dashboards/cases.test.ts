import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { coreFamilies, joinFamilies } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';
import { presetFamilies } from '../../../presets/src/registry/presetFamilies.ts';
import { type LintFile, textOf } from '../files/lintFile.ts';
import { lint } from '../findings/lintKind.ts';
import { jsonRules } from '../json/parseJson.ts';
import { dashboardsKind, kindOf, otherRules } from './dashboardsKind.ts';
import { dashboardRules } from './rules.ts';

const registry = joinFamilies([...presetFamilies, ...coreFamilies]);
const folder = fileURLToPath(new URL('./cases/', import.meta.url));
const ids = [...dashboardRules, ...otherRules, ...jsonRules].map(({ id }) => id);

/** Of a case: its good or bad files, and those that both have. `bad-other.json` is the file `other.json` of the bad one. */
function filesOf(id: string, which: 'bad' | 'good'): readonly LintFile[] {
  return readdirSync(join(folder, id)).flatMap((name) => {
    if (name.startsWith(which === 'bad' ? 'good' : 'bad')) return [];
    const path = `dashboards/${name.replace(/^(bad|good)-/, '')}`;
    const read = textOf(path, readFileSync(join(folder, id, name)), /^(bad|good)\.json$/.test(name));
    return 'file' in read ? [read.file] : [];
  });
}

test('every rule has a case, and every case a rule', () => {
  expect(readdirSync(folder).sort()).toEqual([...new Set(ids)].sort());
});

test('every rule has a reason and a fix in whole sentences', () => {
  for (const { reason, fix } of dashboardRules) expect(`${reason} ${fix}`).toMatch(/^[A-Z].*[.] [A-Z].*[.]$/);
});

describe.each(ids)('%s', (id) => {
  test('finds its bad case with place, message and fix', () => {
    const kind = kindOf(
      registry,
      dashboardRules.filter((rule) => rule.id === id),
    );

    const findings = lint(kind, filesOf(id, 'bad'));

    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set([id]));
    for (const { line, message, fix } of findings) {
      expect(line).toBeGreaterThan(0);
      expect(message).toMatch(/\.$/);
      expect(fix).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('finds nothing in its good case, and neither does another rule', () => {
    expect(lint(dashboardsKind(registry), filesOf(id, 'good'))).toEqual([]);
  });
});
