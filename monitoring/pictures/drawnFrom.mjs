// What each picture was drawn from: the text of its dashboard and the generated data. It is kept next to the pictures, so that one that
// is older than its dashboard is found without drawing it again.
//   npm run pictures -- --check
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dashboardsFolder = join(root, 'monitoring/grafana/dashboards');
const rulesFolder = join(root, 'collector-config/prometheus/rules');
const recordFile = join(root, 'docs/images/dashboards/drawn-from.json');

/** The fingerprints of today, by dashboard. Takes `dataSeries` and `dataEnd` of monitoring/src/dataSet, built or as source. */
export function fingerprints({ dataSeries, dataEnd }) {
  const data = dataFingerprint(dataSeries(), dataEnd);
  const files = readdirSync(dashboardsFolder, { recursive: true }).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files
      .map((file) => [basename(file, '.json'), { dashboard: hash(readFileSync(join(dashboardsFolder, file))), data }])
      .sort(([left], [right]) => left.localeCompare(right)),
  );
}

/** Every series with its values at some instants, and what the rules record of them. */
function dataFingerprint(series, dataEnd) {
  const instants = [1, 7, 19, 43, 61, 360].map((minutes) => dataEnd - 60 * minutes);
  const lines = series.map(({ name, labels, process, at }) => {
    const start = process.starts[0] ?? 0;
    return `${name} ${JSON.stringify(labels)} ${instants.map((instant) => at(instant - start, instant)?.toPrecision(6)).join(' ')}`;
  });
  // Without a parser: the folder's own packages have another version of it than the repository.
  const rules = readdirSync(rulesFolder)
    .sort()
    .flatMap((file) => readFileSync(join(rulesFolder, file), 'utf8').split(/\n *- (?=record:|alert:|name:)/))
    .filter((rule) => rule.startsWith('record:'));
  return hash([...lines.sort(), ...rules].join('\n'));
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** What the committed pictures were drawn from. */
export function recorded() {
  return existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')) : {};
}

/** Notes that the pictures of these dashboards are of today. */
export function record(names, today) {
  const all = { ...recorded(), ...Object.fromEntries(names.map((name) => [name, today[name]])) };
  const kept = Object.entries(all).filter(([name]) => today[name] !== undefined);
  const sorted = kept.sort(([left], [right]) => left.localeCompare(right));
  writeFileSync(recordFile, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}

/** One sentence for each dashboard whose pictures show something else than today's. */
export function outdated(then, today) {
  return Object.entries(today).flatMap(([name, { dashboard, data }]) => {
    const of = then[name];
    if (of === undefined) return [`${name}: its pictures have no record in drawn-from.json.`];
    if (of.dashboard !== dashboard) return [`${name}: its pictures are older than the dashboard.`];
    return of.data === data ? [] : [`${name}: its pictures are older than the generated data.`];
  });
}

/** The exit code: 1 when a picture is to be drawn again. */
export async function check() {
  const today = fingerprints(await import('../dist/dataSet/index.js'));
  const sentences = outdated(recorded(), today);
  for (const sentence of sentences) console.log(sentence);
  if (sentences.length === 0) console.log('All pictures show the dashboards and the data of today.');
  else console.log('Draw them again: npm run pictures');
  return sentences.length === 0 ? 0 : 1;
}
