import { test } from 'vitest';
import { expectPageRegion } from '../../../../analysis/src/energy/pageRegion.suite.ts';
import { settingList } from './settings.ts';

test('docs/agent.md lists every setting', async () => {
  const rows = settingList().map(({ path, variable, setting }) => {
    const { initial, summary, withoutEffect } = setting;
    const parts = [summary, ...(withoutEffect === undefined ? [] : [`Without effect: ${withoutEffect}`])];
    const value = initial === undefined ? '' : `\`${JSON.stringify(initial)}\``;
    return `| \`${path}\` | \`${variable}\` | ${value} | ${parts.join('. ')} |`;
  });

  await expectPageRegion('agent.md', 'settings', [
    '| key | variable | default | |',
    '| --- | --- | --- | --- |',
    ...rows,
  ]);
});
