import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { expect, test } from 'vitest';
import { build } from '../dashboardDefinition.ts';
import { panelsOf, queriesOf } from '../lint.ts';
import { pipeline } from './pipeline.ts';
import { sessionAnalytics } from './sessionAnalytics.ts';
import { sidepanelOverview } from './sidepanelOverview.ts';
import { systemOverview } from './systemOverview.ts';
import { veniceApi } from './veniceApi.ts';

const titled = (panels: readonly Panel[], title: string) => panels.find((panel) => panel.title === title);

test('"Sidepanel Overview" is the four panels of its document, and its gauge has a step below the first', () => {
  const panels = panelsOf(build(sidepanelOverview()));

  expect(panels.map(({ title, type }) => `${title}: ${type}`)).toEqual([
    'Active Connections: stat',
    'Request Rate: timeseries',
    'Latency Distribution: heatmap',
    'Venice Balance: gauge',
  ]);
  expect(titled(panels, 'Venice Balance')?.fieldConfig?.defaults).toMatchObject({
    min: 0,
    max: 100,
    thresholds: {
      steps: [
        { value: null },
        { value: 10, color: 'red' },
        { value: 25, color: 'yellow' },
        { value: 50, color: 'green' },
      ],
    },
  });
});

test('the heatmap of latency adds the buckets up by their bound, and leads to traces', () => {
  const [query] = queriesOf(titled(panelsOf(build(sidepanelOverview())), 'Latency Distribution') as Panel);

  expect(query).toMatchObject({ format: 'heatmap', exemplar: true });
  expect(query?.expr).toMatch(
    /^sum by \(le\) \(rate\(sidepanel_request_duration_seconds_bucket\{.*\}\[\$__rate_interval\]\)\)$/,
  );
});

test('"Pipeline" has the five subjects of its document, each with what belongs to it', () => {
  const titles = pipeline().panels.map(({ title }) => title);

  expect(titles).toEqual([
    'Pipeline Latency',
    'Pipeline Latency: percentiles',
    'Backend Readiness',
    'Backend Readiness: missing binaries',
    'Compile Outcomes',
    'Compile Outcomes: share of failures',
    'Verification Blocks',
    'Verification Blocks: events',
    'Offline Bundle Size',
  ]);
});

test('blocked artefacts are asked of the log store, by their event and for the chosen backends', () => {
  const panel = titled(panelsOf(build(pipeline())), 'Verification Blocks: events') as Panel;

  expect(panel.datasource).toMatchObject({ type: 'loki' });
  expect(queriesOf(panel)[0]?.expr).toBe('{service_name=~".+"} | event="verify.block" | backend_name=~"$backend"');
});

test('a figure of today, this week or this month has a time range of its own, up to now', () => {
  const panels = panelsOf(build(veniceApi()));
  const times = ['Tokens today', 'Cost today', 'Cost this week', 'Cost this month', 'Cost by model'].map(
    (title) => titled(panels, title)?.timeFrom,
  );

  expect(times).toEqual(['now/d', 'now/d', 'now/w', 'now/M', undefined]);
});

test('sessions are counted for each day', () => {
  const panel = titled(panelsOf(build(sessionAnalytics())), 'Sessions created') as Panel;

  expect(panel.interval).toBe('1d');
  expect(queriesOf(panel)[0]?.expr).toContain('increase(sidepanel_sessions_created_total{');
  expect(panel.fieldConfig?.defaults.custom).toMatchObject({ drawStyle: 'bars' });
});

test('the worst of what a health check reports is the state, in words', () => {
  const panel = titled(panelsOf(build(systemOverview())), 'Health') as Panel;

  expect(panel.fieldConfig?.defaults.mappings).toMatchObject([
    { options: { '0': { text: 'HEALTHY' }, '1': { text: 'DEGRADED' }, '2': { text: 'UNHEALTHY' } } },
  ]);
});
