import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { namedQueries } from '../../monitoring/src/queries.ts';
import { fingerprint } from '../stack/queries/executionTable.ts';
import { ruleQueries } from '../stack/queries/places.ts';

const page = readFileSync(new URL('../../docs/dashboard-queries.md', import.meta.url), 'utf8');

// Where it fails: npx vitest run --project stack test/stack/queries/queries.test.ts -u
test('the table of executed queries is of the queries of today', () => {
  expect(page).toContain(fingerprint(namedQueries(), ruleQueries()));
});
