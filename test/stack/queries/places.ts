import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { NamedQuery } from '../../../monitoring/src/queries.ts';

const rulesFolder = fileURLToPath(new URL('../../../collector-config/prometheus/rules', import.meta.url));

/** A query of a rule file. */
export interface RuleQuery {
  readonly file: string;
  readonly name: string;
  readonly kind: 'record' | 'alert';
  readonly expr: string;
}

export function ruleQueries(): readonly RuleQuery[] {
  return readdirSync(rulesFolder).flatMap((file) => {
    const { groups } = parse(readFileSync(join(rulesFolder, file), 'utf8')) as {
      groups: { rules: { record?: string; alert?: string; expr: string | number }[] }[];
    };
    return groups.flatMap(({ rules }) =>
      rules.map(
        ({ record, alert, expr }): RuleQuery => ({
          file,
          name: record ?? alert ?? '',
          kind: record === undefined ? 'alert' : 'record',
          expr: String(expr),
        }),
      ),
    );
  });
}

/** Where a query stands, in words: `bench-host: Host power (1) A`. */
export function placeOf({ dashboard, place, refId }: NamedQuery): string {
  if ('panel' in place) return `${dashboard}: ${place.title} (${place.panel}) ${refId}`;
  return 'variable' in place
    ? `${dashboard}: variable ${place.variable}`
    : `${dashboard}: annotation ${place.annotation}`;
}

/** A word for all queries together: it changes when one of them does. */
export function queriesHash(queries: readonly NamedQuery[], rules: readonly RuleQuery[]): string {
  const texts = [
    ...queries.map((query) => `${placeOf(query)} ${query.expr}`),
    ...rules.map(({ name, expr }) => `${name} ${expr}`),
  ];
  return createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 12);
}
