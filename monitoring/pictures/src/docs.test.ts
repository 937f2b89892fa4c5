import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { dataEnd, dataSeries } from '../../src/dataSet/index.ts';
import { fingerprints, outdated, recorded } from '../drawnFrom.mjs';
import { dashboardFiles } from './dashboardFiles.ts';
import { parts } from './layout.ts';

const path = (relative: string) => fileURLToPath(new URL(`../../../${relative}`, import.meta.url));
const files = dashboardFiles(path('monitoring/grafana/dashboards'), []);
const page = readFileSync(path('docs/dashboards-grafana.md'), 'utf8');
const images = readdirSync(path('docs/images/dashboards')).filter((name) => name.endsWith('.webp'));
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

  test('have a record of what they were drawn from', () => {
    expect(Object.keys(recorded()).sort()).toEqual(files.map(({ name }) => name).sort());
  });

  test.each(images)('%s is in the page, and small enough for it', (name) => {
    expect(page).toContain(`(images/dashboards/${name})`);
    expect(statSync(path(`docs/images/dashboards/${name}`)).size).toBeLessThanOrEqual(200_000);
  });
});

describe('a picture is older than', () => {
  const today = fingerprints({ dataSeries, dataEnd });

  test('nothing, where dashboard and data are those that it was drawn from', () => {
    expect(outdated(today, today)).toEqual([]);
  });

  test('its dashboard, or the data', () => {
    const fleet = { dashboard: 'another', data: today.fleet?.data ?? '' };
    const gpu = { dashboard: today.gpu?.dashboard ?? '', data: 'another' };

    expect(outdated({ ...today, fleet, gpu }, today)).toEqual([
      'fleet: its pictures are older than the dashboard.',
      'gpu: its pictures are older than the generated data.',
    ]);
  });

  test('itself, where there is no record', () => {
    expect(outdated({}, { fleet: today.fleet ?? { dashboard: '', data: '' } })).toEqual([
      'fleet: its pictures have no record in drawn-from.json.',
    ]);
  });
});
