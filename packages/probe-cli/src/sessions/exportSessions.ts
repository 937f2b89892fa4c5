import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { counted } from '@benchlab-otel/analysis';
import {
  type AlignedPair,
  capframexCsv,
  capframexJson,
  capframexJsonProblems,
  capframexProblems,
  checkedApplication,
  exportNames,
  type FrameTime,
  parquetFile,
  presentmonV1,
  type ReadSession,
  readSensors,
  rowsInOrder,
  type Sensors,
  seedCsv,
  timesOfDay,
  traceFile,
} from '@benchlab-otel/session';
import type { CommandHost } from '../host/commandHost.ts';
import { printable } from '../report/printable.ts';
import { type OutputText, prepareOutputFile } from '../run/outputFile.ts';
import { eachSession } from './eachSession.ts';
import { sessionFolders } from './sessionFolders.ts';
import type { SessionOptions } from './sessionOptions.ts';

/** What `sessions export` writes. */
type ExportFormat = 'capframex-csv' | 'capframex-json' | 'seed' | 'presentmon-v1' | 'parquet' | 'trace';

interface ExportOptions extends SessionOptions {
  readonly format?: ExportFormat;
  readonly application: string;
  readonly frameTime?: FrameTime;
  readonly out?: string;
}

/** One file to write, and what is wrong with it for the program that imports it. */
interface ExportedFile {
  readonly folder: string;
  readonly name: string;
  readonly text: OutputText;
  readonly what: string;
  readonly problems: readonly string[];
}

/** What the files of one session are made of. */
interface ExportedSession extends Pick<ExportOptions, 'application' | 'frameTime'> {
  readonly session: ReadSession;
  readonly name: string;
  readonly createdAt: number;
  readonly sensors: Sensors;
}

const noSensors: Sensors = { series: [], dropped: 0 };

/** `sessions export`: files for other programs, each checked by the rules of the program that imports it. */
export async function exportSessions(
  host: CommandHost,
  { format = 'capframex-csv', application, frameTime, out, ...options }: ExportOptions,
  words: readonly string[],
): Promise<number> {
  checkedApplication(application);
  const { terminal, environment } = host;
  const folders = await sessionFolders(words, environment);
  return eachSession(host, options, words, async (session, folder) => {
    const needsSensors = (format === 'capframex-json' || format === 'trace') && session.isRowsAlone !== true;
    const sensors = needsSensors
      ? await readSensors(session.paths.raw, session.file && timesOfDay(session.file.clocks))
      : noSensors;
    const name = session.file?.name ?? basename(resolve(folder));
    const times = frameTime === undefined ? {} : { frameTime };
    const exported = { session, name, createdAt: createdAt(session, host), sensors, application, ...times };
    // Two sessions have files of the same names.
    const prefix = out !== undefined && folders.length > 1 ? `${name}-` : '';
    const files = filesOf[format](exported);
    if (files.length === 0) terminal.out(`${printable(folder)}: no two stages, so no file is written\n`);
    for (const file of files) {
      const into = out ?? file.folder;
      await mkdir(into, { recursive: true });
      const path = join(into, prefix + file.name);
      await (await prepareOutputFile(path, '--out')).write(file.text);
      terminal.out(`${printable(path)}: ${file.what}\n`);
      for (const problem of file.problems) terminal.err(`benchlab-probe: ${printable(`${path}: ${problem}`)}\n`);
    }
    if (sensors.dropped > 0) {
      terminal.err(`benchlab-probe: ${printable(folder)}: ${counted(sensors.dropped, 'value')} of sensors left out\n`);
    }
  });
}

/** A new format is one line here. */
const filesOf: Readonly<Record<ExportFormat, (exported: ExportedSession) => readonly ExportedFile[]>> = {
  'capframex-csv': (exported) =>
    pairFiles(
      exported,
      '.csv',
      ({ pair, meta }) => capframexCsv(pair.rows, meta, exported.frameTime),
      capframexProblems,
    ),
  'capframex-json': (exported) => {
    const { session, sensors, frameTime } = exported;
    const host = session.file?.host ?? {};
    const write = ({ pair, meta }: PairMeta) =>
      capframexJson(pair.rows, { ...meta, host, sensors: sensors.series }, frameTime);
    return pairFiles(exported, '.json', write, capframexJsonProblems);
  },
  seed: (exported) =>
    pairFiles(exported, '.csv', ({ pair }) => seedCsv(pair.rows, exported.application, exported.frameTime)),
  'presentmon-v1': (exported) =>
    pairFiles(
      exported,
      '.presentmon.csv',
      ({ pair }) => presentmonV1(pair.rows, exported.application, exported.frameTime),
      capframexProblems,
    ),
  parquet: ({ session: { pairs, paths }, name }) => {
    const rows = rowsInOrder(pairs);
    const what = counted(rows.length, 'row');
    return [{ folder: paths.aligned, name: 'latency.parquet', text: parquetFile(rows, name), what, problems: [] }];
  },
  trace: ({ session: { pairs, paths }, name, sensors: { series } }) => {
    const rows = rowsInOrder(pairs);
    const what = `${counted(rows.length, 'frame')}, ${counted(series.length, 'sensor')}`;
    const text = traceFile(rows, { session: name, comment: pairs.map(comment).join('; '), sensors: series });
    return [{ folder: paths.aligned, name: 'trace.json', text, what, problems: [] }];
  },
};

interface PairMeta {
  readonly pair: AlignedPair;
  readonly meta: { readonly application: string; readonly createdAt: number; readonly comment: string };
}

/** A file for each pair of stages that has frames. */
function pairFiles(
  { session: { pairs, paths }, application, createdAt }: ExportedSession,
  extension: string,
  write: (pair: PairMeta) => string,
  problemsOf: (text: string) => readonly string[] = () => [],
): readonly ExportedFile[] {
  const names = exportNames(pairs, extension);
  return pairs.map((pair, at) => {
    const text = write({ pair, meta: { application, createdAt, comment: comment(pair) } });
    const what = counted(pair.rows.length, 'frame');
    return { folder: paths.exports, name: names[at] ?? '', text, what, problems: problemsOf(text) };
  });
}

function createdAt({ file }: ReadSession, { clock }: CommandHost): number {
  return file === undefined ? Number(clock.anchor().epochNs / 1_000_000n) : Date.parse(file.openedAt);
}

function comment({ pair, rows, dropped }: AlignedPair): string {
  const simulated = rows.some((row) => row.simulated === true);
  return `${pair.join(' to ')}; dropped: ${dropped ?? 'not known'}; simulated: ${simulated}`;
}
