// Writes the tables of docs/alerts.md from the rules and their thresholds; --check fails where the page is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './workspaces.mjs';

const rules = join(root, 'collector-config/prometheus/rules');
const page = join(root, 'docs/alerts.md');
const { alerts: thresholds } = JSON.parse(readFileSync(join(root, 'monitoring/thresholds.json'), 'utf8'));
const begin = '<!-- Generated from the rules by `npm run render`. Change them there. -->';
const end = '<!-- End of what is generated. -->';

const text = readFileSync(page, 'utf8');
const [before, rest] = split(text, begin);
const [, after] = split(rest, end);
const wanted = `${before}${begin}\n\n${readdirSync(rules).sort().map(section).join('\n')}\n${end}${after}`;
if (wanted === text) {
  console.log('docs/alerts.md is up to date.');
} else if (process.argv.includes('--check')) {
  console.error('docs/alerts.md is stale. Run: npm run render');
  process.exitCode = 1;
} else {
  writeFileSync(page, wanted);
  console.log('Wrote docs/alerts.md');
}

function section(file) {
  const source = readFileSync(join(rules, file), 'utf8');
  const purpose = source.split('\n', 1)[0].replace(/^# /, '');
  const alerts = parse(source)
    .groups.flatMap((group) => group.rules)
    .filter((rule) => rule.alert !== undefined);
  return [
    `### [\`${file}\`](../collector-config/prometheus/rules/${file})`,
    '',
    purpose,
    '',
    '| alert | severity | for | limit | source of the limit |',
    '| --- | --- | --- | --- | --- |',
    ...alerts.map(row),
    '',
  ].join('\n');
}

function row({ alert, labels, for: waits }) {
  const limits = thresholds[alert] ?? [];
  const texts = limits.map(
    ({ means, operator, value, unit }) => `${means} ${operator} ${value}${unit === '1' ? '' : ` ${unit}`}`,
  );
  const sources = limits.map(({ source }) => source);
  const unique = (list) => [...new Set(list)].join('; ').replaceAll('|', '\\|');
  const link = `[${alert}](../collector-config/runbooks/${alert}.md)`;
  return `| ${link} | ${labels.severity} | ${waits} | ${unique(texts)} | ${unique(sources)} |`;
}

function split(whole, mark) {
  const at = whole.indexOf(mark);
  if (at < 0) throw new Error(`docs/alerts.md lacks the line ${mark}`);
  return [whole.slice(0, at), whole.slice(at + mark.length)];
}
