import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { dashboardFiles } from './dashboardFiles.ts';
import { parts } from './layout.ts';

const path = (relative: string) => fileURLToPath(new URL(`../../../${relative}`, import.meta.url));
const files = dashboardFiles(path('monitoring/grafana/dashboards'), []);
const page = readFileSync(path('docs/dashboards-grafana.md'), 'utf8');
const images = readdirSync(path('docs/images/dashboards'));
const expected = files.flatMap(({ name, model }) => (parts(model).rows ? [name, `${name}-rows`] : [name]));

describe('the pictures in docs/images/dashboards', () => {
  test('show each dashboard, and the closed sections of those that have any', () => {
    expect(images.filter((name) => !name.includes('-light')).sort()).toEqual(
      expected.map((name) => `${name}.webp`).sort(),
    );
  });

  test('have three in the light theme', () => {
    expect(images.filter((name) => name.endsWith('-light.webp'))).toHaveLength(3);
  });

  test.each(images)('%s is in the page, and small enough for it', (name) => {
    expect(page).toContain(`(images/dashboards/${name})`);
    expect(statSync(path(`docs/images/dashboards/${name}`)).size).toBeLessThanOrEqual(200_000);
  });
});
