import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lint } from '../findings/lintKind.ts';
import { kindOf } from './collectorKind.ts';
import { collectorRules } from './rules.ts';

/** cases/RULE/bad.yaml has `# wrong` on each line that the rule finds; good.yaml has nothing that it finds. */
const cases = new URL('./cases/', import.meta.url);

function linesFound(
  rule: string,
  name: string,
): { readonly found: readonly number[]; readonly marked: readonly number[] } {
  const text = readFileSync(new URL(`${rule}/${name}`, cases), 'utf8');
  const kind = kindOf(collectorRules.filter(({ id }) => id === rule));
  const found = lint(kind, [{ path: name, text, isNamed: true }]).map((each) => {
    expect(each.rule).toBe(rule);
    return each.line;
  });
  const marked = text.split('\n').flatMap((line, index) => (line.includes('# wrong') ? [index + 1] : []));
  return { found: [...new Set(found)], marked };
}

test('every rule has a case, and every case a rule', () => {
  expect(readdirSync(cases).sort()).toEqual(collectorRules.map(({ id }) => id).sort());
});

test('every rule has a reason and a fix in whole sentences', () => {
  for (const { reason, fix } of collectorRules) expect(`${reason} ${fix}`).toMatch(/^[A-Z].*[.] [A-Z].*[.]$/);
});

describe.each(collectorRules)('$id', ({ id }) => {
  test('finds the marked lines of its bad case', () => {
    const { found, marked } = linesFound(id, 'bad.yaml');

    expect(marked.length).toBeGreaterThan(0);
    expect(found).toEqual(marked);
  });

  test('finds nothing in its good case', () => {
    expect(linesFound(id, 'good.yaml')).toEqual({ found: [], marked: [] });
  });
});
