import { prometheusName } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { registry } from '../registry.ts';
import { dataContracts } from './dataContracts.ts';

const { attributes, logEvents, metrics, spans } = registry;
const page = dataContracts();
const lines = page.split('\n');

describe('the data contracts', () => {
  it('have a line for every metric, with its series, and for every attribute, and a heading for every span and log event', () => {
    for (const each of metrics) {
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
    for (const { name } of [...spans, ...logEvents]) expect(lines).toContain(`### \`${name}\``);
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
    const bounded = metrics.filter(({ instrument }) => instrument === 'histogram');
    const bounds = lines.filter((line) => line.startsWith('- `'));
    for (const each of bounded) expect(bounds.join('\n'), each.name).toContain(`\`${prometheusName(each)}\``);
  });
});
