import { attributes, logEvents, metric, prometheusName, spans } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { dataContracts } from './dataContracts.ts';
import { families } from './families.ts';

const page = dataContracts();
const lines = page.split('\n');

describe('the data contracts', () => {
  it('have a line for every metric, with its series, and for every attribute, and a heading for every signal', () => {
    for (const each of Object.values(metric)) {
      const line = lines.filter((text) => text.startsWith(`| \`${prometheusName(each)}\` | \`${each.name}\` |`));
      expect(line, each.name).toHaveLength(1);
      expect(line[0]).toContain(each.description);
    }
    for (const { name, description } of attributes) {
      expect(
        lines.filter((text) => text.startsWith(`| \`${name}\` |`) && text.includes(description)).length,
        name,
      ).not.toBe(0);
    }
    for (const { name } of [...Object.values(spans), ...Object.values(logEvents)])
      expect(lines).toContain(`### \`${name}\``);
  });

  it('have every metric in one family', () => {
    const inFamilies = families().flatMap(({ metrics }) => metrics.map(({ name }) => name));
    expect([...inFamilies].sort()).toEqual(
      Object.values(metric)
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('have tables whose rows are all as wide as their head', () => {
    let width = 0;
    for (const line of lines) {
      const cells = line.startsWith('|') ? line.split('|').length : 0;
      if (width > 0 && cells > 0) expect(cells, line).toBe(width);
      width = cells;
    }
  });

  it('give the bounds of every histogram', () => {
    const bounded = Object.values(metric).filter(({ instrument }) => instrument === 'histogram');
    const bounds = lines.filter((line) => line.startsWith('- `'));
    for (const each of bounded) expect(bounds.join('\n'), each.name).toContain(`\`${prometheusName(each)}\``);
  });
});
