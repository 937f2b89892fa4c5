import { expect, test } from 'vitest';
import { readDashboard } from './model.ts';

test('a dashboard is read from its file', () => {
  expect(readDashboard('{"title": "Fleet", "panels": []}', 'fleet.json').title).toBe('Fleet');
});

test.each([
  ['{"title": ', 'fleet.json is not JSON'],
  ['null', 'is not a dashboard of format v1'],
  ['[]', 'is not a dashboard of format v1'],
  ['{"apiVersion": "dashboard.grafana.app/v2", "spec": {"title": "Fleet"}}', 'is not a dashboard of format v1'],
  ['{"title": "Fleet", "panels": {}}', 'is not a dashboard of format v1'],
])('%s is refused', (text, message) => {
  expect(() => readDashboard(text, 'fleet.json')).toThrow(message);
});
