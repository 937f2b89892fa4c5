import { readdirSync, readFileSync } from 'node:fs';
import { parsePromql, queryProblems, SeriesCatalogue } from '@benchlab-otel/lint';
import { expect, test } from 'vitest';
import { registry } from '../../monitoring/src/registry.ts';
import { flagsOf } from '../../packages/probe-cli/src/command/command.ts';
import { commands } from '../../packages/probe-cli/src/program.ts';

// That each alert has a runbook, and each runbook an alert, is a rule of `benchlab-probe lint rules`.
const root = new URL('../../', import.meta.url);
const folder = new URL('collector-config/runbooks/', root);
const runbooks = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);
const foreign = JSON.parse(readFileSync(new URL('monitoring/foreign-series.json', root), 'utf8'));
const catalogue = new SeriesCatalogue(registry, foreign);
/** Recording rules are found by their form, which no metric has. */
const isRecorded = (name: string) => name.includes(':');

test.each(runbooks)('%s states what the alert means, how to see it, and what to do', (name, text) => {
  expect(text).toContain(`# ${name.replace('.md', '')}\n`);
  for (const title of ['What it means', 'How to see it', 'What to do']) expect(text).toContain(`## ${title}\n`);
  expect(text).toMatch(/^1\. /m);
});

test.each(runbooks)('the queries of %s are queries, of series that there are', (_, text) => {
  const queries = [...text.matchAll(/--data-urlencode 'query=(.*)'$/gm)].map(([, query]) => query ?? '');

  for (const query of queries) {
    const parsed = parsePromql(query.replaceAll("'\\''", "'"));
    expect('error' in parsed ? parsed.error.message : undefined, query).toBeUndefined();
    if ('error' in parsed) continue;
    const problems = queryProblems(parsed.expression, catalogue).filter(
      // A person may look at the value of a counter.
      ({ rule, message }) => rule !== 'counter-without-rate' && !(rule === 'series-unknown' && isRecorded(message)),
    );
    expect(problems, query).toEqual([]);
  }
});

test.each(runbooks)('%s names no command and no flag that benchlab-probe does not have', async (_, text) => {
  for (const [, name, rest = ''] of text.matchAll(/benchlab-probe ([a-z]+)([^`\n]*)/g)) {
    const command = commands.find((each) => each.name === name);
    expect(commands.map((each) => each.name)).toContain(name);
    if (command === undefined || 'commands' in command) continue;
    const flags = Object.values(await flagsOf(command)).map(({ option }) => option.long);
    for (const [flag] of rest.matchAll(/--[a-z-]+/g)) expect(flags, `${name} ${flag}`).toContain(flag);
  }
});
