// Blocks of a Prometheus with many hosts: the data set of monitoring/src/dataSet again and again, each time with names of its own.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataSetKey, recordRules, removeRuntimeFiles, startOn } from '../../data-set.mjs';
import { root } from '../../workspaces.mjs';
import { encodedLabels, remoteWrite } from './remoteWrite.mjs';

const cache = join(root, 'node_modules/.cache/benchlab-scale-dashboards');

/** The interval of collector-config/prometheus/prometheus.yml: a rate reads every sample of the host that is chosen. */
const scrapeSeconds = 10;
/** Of all other hosts, which queries pass by: these series take their room in the index, and are read where all hosts are. */
const otherSeconds = 60;
const daySeconds = 86_400;
/** All series are sent for this time before any is sent for the next: the server refuses what is an hour older. */
const partSeconds = 1800;
/** A bound of a hang: 20 minutes, on a machine that others use too. */
const joinLimitMs = 20 * 60_000;
/** What panels compare with the day before. */
const ofDayBefore = /^benchlab_operation_energy_joules_(sum|count)$/;

/**
 * A folder with the last six hours of the data set, on as many hosts as a number of series takes, and with what the recording rules
 * would have stored. It is made once, in some minutes, and kept until the data set changes. Prometheus writes into what it opens:
 * give it a copy.
 */
export async function scaleFolder(dataSet, seriesWanted) {
  const folder = join(cache, keyOf(seriesWanted));
  if (existsSync(folder)) return folder;
  rmSync(cache, { recursive: true, force: true });
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  await makeBlocks(unfinished, dataSet, seriesWanted);
  if (existsSync(folder)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, folder);
  return folder;
}

async function makeBlocks(folder, { blocks, dataEnd, dataSeries, fineStart, headOf }, seriesWanted) {
  const [chosen, ...others] = hosts(dataSeries(), seriesWanted).map((host) => host.map(written));
  const energy = [chosen, ...others].flat().filter(({ name }) => ofDayBefore.test(name));
  const received = join(folder, 'received');
  mkdirSync(received);
  const server = await startOn(received, ['--web.enable-remote-write-receiver', '--web.enable-admin-api']);
  try {
    const send = (series, from, step) => {
      const instants = Array.from({ length: partSeconds / step }, (_, index) => from + index * step);
      return remoteWrite(server.url, series, instants);
    };
    for (let from = fineStart; from < dataEnd; from += partSeconds) await send(energy, from - daySeconds, otherSeconds);
    for (let from = fineStart; from < dataEnd; from += partSeconds) {
      await send(chosen, from, scrapeSeconds);
      await send(others.flat(), from, otherSeconds);
    }
    await moveSnapshot(server.url, received, folder);
  } finally {
    await server.stop();
  }
  rmSync(received, { recursive: true });
  const recorded = blocks().flatMap(([start, end]) => {
    if (start < fineStart) return [];
    const before = { start: start - daySeconds, end: end - daySeconds, series: /^operation:/ };
    return [{ start, end, series: /./ }, before];
  });
  await recordRules(folder, recorded, headOf);
  await joinBlocks(folder);
}

/** A series as it is sent. */
function written({ name, labels, process, at }) {
  const { starts } = process;
  return {
    name,
    encodedLabels: encodedLabels({ ...labels, __name__: name }),
    at: (instant) => at(instant - (starts.findLast((began) => began <= instant) ?? instant), instant),
  };
}

/** What the server has in memory as a block too. Source: prometheus.io/docs/prometheus/latest/querying/api, "Snapshot". */
async function moveSnapshot(url, from, to) {
  const response = await fetch(`${url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' });
  const { status, error, data } = await response.json();
  if (status !== 'success') throw new Error(`Prometheus makes no snapshot: ${error}`);
  const snapshot = join(from, 'snapshots', data.name);
  for (const block of readdirSync(snapshot)) renameSync(join(snapshot, block), join(to, block));
}

/** Recorded series lie in blocks of their own. On a real server they lie with the others: Prometheus joins what overlaps. */
async function joinBlocks(folder) {
  const server = await startOn(folder);
  try {
    const deadline = Date.now() + joinLimitMs;
    while (overlaps(folder)) {
      if (Date.now() > deadline) throw new Error(`Prometheus has not joined the blocks of ${folder} in time.`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  } finally {
    await server.stop();
  }
  removeRuntimeFiles(folder);
}

function overlaps(folder) {
  const times = readdirSync(folder)
    .map((name) => join(folder, name, 'meta.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')))
    .sort((a, b) => a.minTime - b.minTime);
  return times.some(({ minTime }, index) => index > 0 && minTime < times[index - 1].maxTime);
}

function keyOf(seriesWanted) {
  const own = readFileSync(fileURLToPath(import.meta.url));
  return createHash('sha256').update(dataSetKey()).update(own).update(`${seriesWanted}`).digest('hex').slice(0, 16);
}

/**
 * The same series on other hosts: their instances and their devices have names of their own. What has no such label is there once, such
 * as an alert that is about no host.
 */
function hosts(series, wanted) {
  const own = new Set(['instance', 'host_name', 'hw_id', 'hw_parent']);
  const isOfHost = ({ labels }) => Object.keys(labels).some((name) => own.has(name));
  const renamed = (labels, copy) =>
    Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [name, own.has(name) ? `host${copy}-${value}` : value]),
    );
  const copied = series.filter(isOfHost);
  return Array.from({ length: Math.ceil(wanted / copied.length) }, (_, copy) =>
    copy === 0 ? series : copied.map((each) => ({ ...each, labels: renamed(each.labels, copy) })),
  );
}
