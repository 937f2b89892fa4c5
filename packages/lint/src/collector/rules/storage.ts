import { entryAt } from '../../yaml/node.ts';
import { placeOf } from '../config/collectorConfig.ts';
import { isBelow } from '../deployment/deployment.ts';
import type { CollectorRule, Problem, View } from '../rule.ts';

/** https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/storage/filestorage */
const storages = (view: View) => view.config.used('extensions', 'file_storage');
const defaultDirectory = '/var/lib/otelcol/file_storage';

const directoryOf = ({ config }: View, storage: Parameters<typeof placeOf>[0]) =>
  entryAt(storage.settings, 'directory') === undefined ? defaultDirectory : config.text(storage.settings, 'directory');

const torn: CollectorRule = {
  id: 'storage-without-fsync',
  severity: 'warning',
  reason: 'Without fsync a loss of power tears the file of the queue.',
  fix: 'Set fsync: true.',
  *find(view) {
    for (const storage of storages(view)) {
      if (view.config.text(storage.settings, 'fsync') === 'true') continue;
      const message = `${storage.id} does not fsync: a loss of power tears the queue.`;
      yield { at: placeOf(storage, 'fsync'), message };
    }
  },
};

const blocked: CollectorRule = {
  id: 'storage-blocks-start',
  severity: 'warning',
  reason: 'A torn file keeps the collector from starting until it is removed by hand (contrib issue 35899).',
  fix: 'Set recreate: true.',
  *find(view) {
    for (const storage of storages(view)) {
      if (view.config.text(storage.settings, 'recreate') === 'true') continue;
      const message = `${storage.id} has no recreate: a torn file keeps the collector from starting.`;
      yield { at: placeOf(storage, 'recreate'), message };
    }
  },
};

const unbounded: CollectorRule = {
  id: 'storage-unbounded',
  severity: 'warning',
  reason: 'Without a bound, the queue of a long outage fills the disk, and everything on it fails.',
  fix: 'Set max_size, in bytes.',
  *find(view) {
    for (const storage of storages(view)) {
      if (entryAt(storage.settings, 'max_size') !== undefined) continue;
      yield { at: storage.at, message: `${storage.id} has no max_size: a long outage fills the disk.` };
    }
  },
};

const neverShrinks: CollectorRule = {
  id: 'storage-never-shrinks',
  severity: 'warning',
  reason: 'The file of a queue keeps the size of the longest outage (collector issue 8115).',
  fix: 'Set compaction.on_rebound: true.',
  *find(view) {
    for (const storage of storages(view)) {
      if (view.config.text(storage.settings, 'compaction', 'on_rebound') === 'true') continue;
      const message = `${storage.id} does not compact: its files keep the size of the longest outage.`;
      yield { at: placeOf(storage, 'compaction', 'on_rebound'), message };
    }
  },
};

const compactsAtStart: CollectorRule = {
  id: 'storage-compacts-at-start',
  severity: 'error',
  reason: 'Compaction at start crashes on a file that lost power, and then every start does (contrib issue 49735).',
  fix: 'Set compaction.on_start: false.',
  *find(view) {
    for (const storage of storages(view)) {
      if (view.config.text(storage.settings, 'compaction', 'on_start') !== 'true') continue;
      const message = `${storage.id} compacts at start, which crashes on a torn file, at every start.`;
      yield { at: placeOf(storage, 'compaction', 'on_start'), message };
    }
  },
};

/** hier(7): emptied at boot, or held in memory. */
const fleeting = ['/tmp', '/var/tmp', '/dev/shm', '/run', '/var/run'];

const fleetingFolder: CollectorRule = {
  id: 'storage-in-fleeting-folder',
  severity: 'error',
  reason: 'A queue in a folder that a restart empties is not on disk.',
  fix: 'Name a folder below /var/lib, or a volume.',
  *find(view) {
    for (const storage of storages(view)) {
      const directory = directoryOf(view, storage);
      if (directory === undefined || !isBelow(directory, fleeting)) continue;
      const message = `${storage.id} keeps its files in ${directory}, which a restart empties.`;
      yield { at: placeOf(storage, 'directory'), message };
    }
  },
};

const notKept: CollectorRule = {
  id: 'storage-not-kept',
  severity: 'error',
  reason: 'A folder that the unit or container cannot write stops the collector; one without a volume loses the queue.',
  fix: 'Give the workload a StateDirectory or a volume at this folder, or name a folder that it has.',
  *find(view) {
    if (view.workload === undefined) return;
    const { name, file, disk } = view.workload;
    for (const storage of storages(view)) {
      const directory = directoryOf(view, storage);
      if (directory === undefined || disk.isOpen || isBelow(directory, disk.kept)) continue;
      const isLost = disk.lost.includes('/') || isBelow(directory, disk.lost);
      const what = isLost ? 'loses when it is replaced' : 'cannot write';
      const message = `${storage.id} keeps its files in ${directory}, which ${name} (${file}) ${what}.`;
      yield { at: placeOf(storage, 'directory'), message } satisfies Problem;
    }
  },
};

export const storageRules: readonly CollectorRule[] = [
  torn,
  blocked,
  unbounded,
  neverShrinks,
  compactsAtStart,
  fleetingFolder,
  notKept,
];
