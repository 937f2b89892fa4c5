import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exemplarLink, logsLink, tracesLink } from './links.ts';
import { runbooks } from './variables.ts';

test('runbooks are where the notifications of Alertmanager find them', () => {
  const templates = new URL('../../../collector-config/alertmanager/templates/links.tmpl', import.meta.url);
  expect(readFileSync(templates, 'utf8')).toContain(`{{ define "benchlab.runbooks" }}${runbooks}{{ end }}`);
});

test.each([logsLink(), tracesLink(), exemplarLink()])(
  'the link $title opens Explore with JSON that it can read',
  (link) => {
    const [path, panes = ''] = (link.url ?? '').split('?schemaVersion=1&panes=');

    expect(path).toBe('/explore');
    expect(JSON.parse(panes)).toEqual({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's syntax for a variable
      a: expect.objectContaining({ range: { from: '${__from}', to: '${__to}' } }),
    });
  },
);
