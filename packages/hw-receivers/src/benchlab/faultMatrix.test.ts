import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CollectedSamples as Collected } from '@benchlab-otel/core/testing';
import { constantBench, type EmulatedBoard, emulateBoard, type LineFault, lineFaults } from '@benchlab-otel/emulator';
import { SerialPort } from 'serialport';
import { expect, onTestFinished, test } from 'vitest';
import { fieldKindsPage } from '../testing/fieldKinds.suite.ts';
import { until } from '../testing/rig.suite.ts';
import { benchlabReceiver } from './receiver.ts';

// Makes docs/fault-matrix.md: each fault on a real pseudo-terminal, and what the receiver reports. After an intended change:
// npx vitest run --project unit faultMatrix -u

/** The system power of every right sample: what constantBench() draws. */
const watts = 323.6;
/** How long each fault lasts. It is part of the page. */
const faultMs = 5_000;
/** Faults that show when a port is opened: no board is ever read there. */
const strangers: readonly LineFault[] = ['wrong-product', 'wrong-welcome', 'greeting', 'future-firmware', 'silence'];

interface Row {
  readonly fault: string;
  readonly reported: string;
  readonly samples: string;
  readonly back: string;
}

/** Faults whose result depends on the moment at which bytes arrive: which codes are possible, and the words of the page. */
const races: Partial<Record<string, { readonly codes: readonly string[]; readonly words: string }>> = {
  split: { codes: ['nothing', 'BAD_REPLY'], words: 'nothing, or BAD_REPLY where a piece is late' },
  stale: {
    codes: ['nothing', 'BAD_REPLY', 'BOARD_LOST'],
    words: 'nothing, BAD_REPLY, or BOARD_LOST too on a busy host',
  },
  'never-ending': { codes: ['BAD_REPLY', 'BOARD_LOST'], words: 'BAD_REPLY, or BOARD_LOST too' },
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The codes that were reported, sorted. */
function codesOf({ reports, losses }: Collected): string {
  const codes = [...reports.flatMap(({ error }) => error?.code ?? []), ...losses.map(({ error }) => error.code)];
  return [...new Set(codes)].sort().join(', ') || 'nothing';
}

function samplesOf({ samples }: Collected, from: number): string {
  const later = samples.slice(from);
  const wrong = later.filter(({ totals }) => Math.abs((totals?.system ?? Number.NaN) - watts) > 0.05);
  const some = later.length > 20 ? 'all right' : 'few or none, right';
  return wrong.length === 0 ? some : `${wrong.length} WRONG`;
}

async function reading(link: string, serial: number) {
  const plug = (fault?: LineFault) => emulateBoard({ link, serial, bench: constantBench(), ...(fault && { fault }) });
  const board = await plug();
  const collected = new Collected();
  const receiver = benchlabReceiver({ ports: [link], rateHz: 20 });
  await receiver.start(collected);
  await expect.poll(() => collected.samples.length, { timeout: 5000 }).toBeGreaterThan(3);
  return { board, collected, receiver, plug };
}

/** A fault that comes while a board is read, and goes. */
async function during(folder: string, fault: LineFault | 'cable', serial: number): Promise<Row> {
  const link = join(folder, fault);
  const { board, collected, receiver, plug } = await reading(link, serial);
  const plugged: EmulatedBoard[] = [board];
  const before = collected.samples.length;
  if (fault === 'cable') board.unplug();
  else board.fault = fault;
  await pause(faultMs);
  const row = { fault, reported: codesOf(collected), samples: samplesOf(collected, before) };
  const during = collected.samples.length;
  const endedAt = performance.now();
  if (fault === 'cable' || fault === 'unplug') {
    await board.close();
    plugged.push(await plug());
  } else board.fault = undefined;
  await expect.poll(() => collected.samples.length, { timeout: 15_000, interval: 10 }).toBeGreaterThan(during + 2);
  const seconds = (performance.now() - endedAt) / 1000;
  expect(samplesOf(collected, 0), fault).not.toContain('WRONG');
  await receiver.stop();
  for (const each of plugged) await each.close();
  return { ...row, back: seconds < 5 ? 'within 5 s' : 'within 15 s' };
}

/** A device that is not a board, or not a known one. */
async function stranger(folder: string, fault: LineFault, serial: number): Promise<Row> {
  const link = join(folder, fault);
  const board = await emulateBoard({ link, serial, fault, bench: constantBench() });
  const collected = new Collected();
  const receiver = benchlabReceiver({ ports: [link], rateHz: 20 });
  await receiver.start(collected);
  await pause(faultMs);
  const sent = [...new Set(board.requests)].join(' ') || 'nothing';
  await receiver.stop();
  await board.close();
  return { fault, reported: codesOf(collected), samples: samplesOf(collected, 0), back: `sent to it: ${sent}` };
}

async function taken(folder: string): Promise<Row> {
  const link = join(folder, 'taken');
  const board = await emulateBoard({ link, serial: 90, bench: constantBench() });
  const other = new SerialPort({ path: link, baudRate: 115_200, autoOpen: false });
  await new Promise<void>((resolve, reject) => other.open((error) => (error ? reject(error) : resolve())));
  const collected = new Collected();
  const receiver = benchlabReceiver({ ports: [link], rateHz: 20 });
  await receiver.start(collected);
  await until(() => collected.reports.length > 0);
  const row = { fault: 'another program has the port', reported: codesOf(collected), samples: samplesOf(collected, 0) };
  await new Promise<void>((resolve) => other.close(() => resolve()));
  const endedAt = performance.now();
  await expect.poll(() => collected.samples.length, { timeout: 8000 }).toBeGreaterThan(2);
  const back = performance.now() - endedAt < 5000 ? 'within 5 s' : 'within 15 s';
  await receiver.stop();
  await board.close();
  return { ...row, back };
}

async function absent(): Promise<Row> {
  const collected = new Collected();
  const receiver = benchlabReceiver({ ports: ['/dev/there-is-no-such-port'], rateHz: 20 });
  await receiver.start(collected);
  await until(() => collected.reports.length > 0);
  await receiver.stop();
  return { fault: 'the port is not there', reported: codesOf(collected), samples: samplesOf(collected, 0), back: '' };
}

test('the fault matrix in the docs is what the receiver does', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'matrix-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const names = lineFaults.map(({ name }) => name);
  const rows = await Promise.all([
    ...names.filter((name) => !strangers.includes(name)).map((name, k) => during(folder, name, 10 + k)),
    during(folder, 'cable', 50),
    ...strangers.map((name, k) => stranger(folder, name, 60 + k)),
    taken(folder),
    absent(),
  ]);
  for (const { samples } of rows) expect(samples).not.toContain('WRONG');
  const about = (fault: string) =>
    lineFaults.find(({ name }) => name === fault)?.description ??
    (fault === 'cable' ? 'The cable is unplugged, and plugged in again.' : '');
  const reportedOf = ({ fault, reported }: Row): string => {
    const race = races[fault];
    if (race === undefined) return reported;
    for (const code of reported.split(', ')) expect(race.codes, fault).toContain(code);
    return race.words;
  };
  const table = rows.map(
    ({ fault, reported, samples, back }) =>
      `| ${fault} | ${about(fault)} | ${reportedOf({ fault, reported, samples, back })} | ${samples} | ${back} |`,
  );
  const page = [
    '# Fault matrix',
    '',
    'What the BENCHLAB receiver reports for each fault of a serial line and of the device behind it, on real pseudo-terminals for five seconds each.',
    '`faultMatrix.test.ts` measures the columns reported, samples and after of this table and fails when they are no longer true. The words of a result that',
    'depends on the moment are written by hand, and the test holds the codes. No row has a wrong reading: samples are right, or there are none.',
    '',
    '| fault | what happens | reported | samples meanwhile | after it ends |',
    '| --- | --- | --- | --- | --- |',
    ...table,
    '',
    'The names are those of `benchlab-probe emulate --fault`. Reported errors are counted in `benchlab_receiver_failures_total{error_type}`. A board that is',
    'lost ends its series, and its `hw_status` is failed.',
    '',
    fieldKindsPage(),
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../../../docs/fault-matrix.md');
});
