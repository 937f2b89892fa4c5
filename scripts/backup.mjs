// Backs up what the monitoring stack knows and no file of the repository has, and restores it.
//   node scripts/backup.mjs backup --out DIR [--prometheus URL --tsdb DIR] [--alertmanager URL]
//   node scripts/backup.mjs restore --from DIR [--tsdb DIR] [--alertmanager URL]
// backup: a snapshot of the series, which Prometheus makes of a running server (it needs --web.enable-admin-api), and the silences
// that are not over. --tsdb is the folder of --storage.tsdb.path. Writes DIR/benchlab-backup-TIME with SHA256SUMS.
// restore: checks every file against SHA256SUMS first. --tsdb must be empty, and no Prometheus may run on it. Silences that are
// over by then are left out. Configuration and dashboards come from the repository; Grafana's own database is a file
// (grafana.db) to copy while Grafana is stopped.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';

const limitMs = 600_000;
const usage = 'Usage: backup.mjs backup --out DIR … | restore --from DIR …: the head of the file has the options.';

class BackupError extends Error {}

try {
  await main();
} catch (error) {
  if (!(error instanceof BackupError) && !String(error?.code).startsWith('ERR_PARSE_ARGS')) throw error;
  console.error(`backup: ${error.message}`);
  process.exitCode = 1;
}

async function main() {
  const text = { type: 'string' };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: text, from: text, prometheus: text, tsdb: text, alertmanager: text },
  });
  const [command, ...more] = positionals;
  if (more.length > 0) throw new BackupError(usage);
  if (command === 'backup' && values.out !== undefined) return backup(values);
  if (command === 'restore' && values.from !== undefined) return restore(values);
  throw new BackupError(usage);
}

async function backup({ out, prometheus, tsdb, alertmanager }) {
  if (prometheus === undefined && alertmanager === undefined)
    throw new BackupError('Name --prometheus, --alertmanager, or both.');
  if ((prometheus === undefined) !== (tsdb === undefined))
    throw new BackupError('--prometheus and --tsdb go together.');
  const folder = join(
    out,
    `benchlab-backup-${new Date()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(':', '-')}`,
  );
  if (existsSync(folder)) throw new BackupError(`${folder} exists.`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    if (prometheus !== undefined) await backupSeries(prometheus, tsdb, join(folder, 'tsdb'));
    if (alertmanager !== undefined) await backupSilences(alertmanager, join(folder, 'silences.json'));
    writeFileSync(join(folder, 'SHA256SUMS'), `${sums(folder).join('\n')}\n`);
  } catch (error) {
    // Half a backup must not look like one.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  console.log(folder);
}

async function backupSeries(url, tsdb, to) {
  const answer = await ask(`${url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' });
  const name = answer?.data?.name;
  if (!/^[\w-]+$/.test(name ?? '')) throw new BackupError(`${url} made no snapshot.`);
  const snapshot = join(tsdb, 'snapshots', name);
  if (!existsSync(snapshot))
    throw new BackupError(`The snapshot is not in ${snapshot}. --tsdb must be the folder of --storage.tsdb.path.`);
  cpSync(snapshot, to, { recursive: true });
  // It shares its files with the database until the database drops them: left there, it would keep them for ever.
  rmSync(snapshot, { recursive: true, force: true });
  if (readdirSync(to).length === 0) throw new BackupError('The snapshot is empty: Prometheus has no series yet.');
}

async function backupSilences(url, to) {
  const all = await ask(`${url}/api/v2/silences`);
  const kept = all.filter(({ status }) => status?.state !== 'expired');
  writeFileSync(to, `${JSON.stringify(kept, undefined, 2)}\n`);
}

async function restore({ from, tsdb, alertmanager }) {
  if (tsdb === undefined && alertmanager === undefined) throw new BackupError('Name --tsdb, --alertmanager, or both.');
  verify(from);
  if (tsdb !== undefined) {
    const source = join(from, 'tsdb');
    if (!existsSync(source)) throw new BackupError(`${from} has no series.`);
    if (existsSync(tsdb) && readdirSync(tsdb).length > 0)
      throw new BackupError(`${tsdb} is not empty. Move it away, and restore into an empty folder.`);
    cpSync(source, tsdb, { recursive: true });
    console.log(`${readdirSync(source).length} blocks are in ${tsdb}.`);
  }
  if (alertmanager !== undefined) await restoreSilences(join(from, 'silences.json'), alertmanager);
}

async function restoreSilences(file, url) {
  if (!existsSync(file)) throw new BackupError(`There is no ${file}.`);
  const silences = JSON.parse(readFileSync(file, 'utf8')).filter(({ endsAt }) => Date.parse(endsAt) > Date.now());
  for (const { matchers, startsAt, endsAt, createdBy, comment } of silences) {
    // Without its id: it belongs to the store that made it.
    const body = JSON.stringify({ matchers, startsAt, endsAt, createdBy, comment });
    await ask(`${url}/api/v2/silences`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  }
  console.log(`${silences.length} silences are in ${url}.`);
}

/** Refuses a backup with a file that was changed, is missing or came later. */
function verify(folder) {
  const file = join(folder, 'SHA256SUMS');
  if (!existsSync(file)) throw new BackupError(`There is no ${file}: ${folder} is not a backup, or is not complete.`);
  const written = readFileSync(file, 'utf8').trim().split('\n');
  const found = sums(folder);
  const differing = [
    ...written.filter((line) => !found.includes(line)),
    ...found.filter((line) => !written.includes(line)),
  ];
  if (differing.length > 0)
    throw new BackupError(`${differing[0].slice(66)} of the backup was changed. Nothing was restored.`);
}

/** Lines as sha256sum writes them, sorted. */
function sums(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && path !== join(folder, 'SHA256SUMS'))
    .sort()
    .map((path) => `${createHash('sha256').update(readFileSync(path)).digest('hex')}  ${relative(folder, path)}`);
}

async function ask(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { ...options, signal: AbortSignal.timeout(limitMs) });
  } catch (error) {
    throw new BackupError(`${url} did not answer (${error.cause?.code ?? error.message}).`);
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  const hint = text.includes('admin APIs disabled') ? ' Start Prometheus with --web.enable-admin-api.' : '';
  throw new BackupError(`${url} answered ${response.status}: ${text.slice(0, 200)}.${hint}`);
}
