import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constantBench, type EmulatedBoard, emulateBoard, type LineFault, lineFaults } from '@benchlab-otel/emulator';
import { SerialPort } from 'serialport';
import { expect, onTestFinished, test } from 'vitest';
import { Collected } from '../testing/collect.ts';
import { benchlabReceiver } from './receiver.ts';

// Makes docs/fault-matrix.md: each fault on a real pseudo-terminal, and what the receiver says of it. After a change that is
// meant: npx vitest run --project unit faultMatrix -u

/** What every sample must say: constantBench() draws so much. */
const watts = 323.6;
const faultMs = 5_000;
/** A stranger is met when a port is opened, and never afterwards. */
const strangers: readonly LineFault[] = ['wrong-product', 'wrong-welcome', 'greeting', 'future-firmware', 'silence'];

interface Row {
  readonly fault: string;
  readonly reported: string;
  readonly samples: string;
  readonly back: string;
}

/** What depends on when the bytes fall: which codes there may be, and how the page says it. */
const races: Partial<Record<string, { readonly codes: readonly string[]; readonly words: string }>> = {
  stale: { codes: ['nothing', 'BAD_REPLY'], words: 'nothing, or BAD_REPLY' },
  'never-ending': { codes: ['BAD_REPLY', 'BOARD_LOST'], words: 'BAD_REPLY, or BOARD_LOST too' },
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Codes in the order in which they were first heard. */
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
  const heard = new Collected();
  const receiver = benchlabReceiver({ ports: [link], rateHz: 20 });
  await receiver.start(heard);
  await expect.poll(() => heard.samples.length, { timeout: 5000 }).toBeGreaterThan(3);
  return { board, heard, receiver, plug };
}

/** A fault that comes while a board is read, and goes. */
async function during(folder: string, fault: LineFault | 'cable', serial: number): Promise<Row> {
  const link = join(folder, fault);
  const { board, heard, receiver, plug } = await reading(link, serial);
  const plugged: EmulatedBoard[] = [board];
  const before = heard.samples.length;
  if (fault === 'cable') board.unplug();
  else board.fault = fault;
  await pause(faultMs);
  const row = { fault, reported: codesOf(heard), samples: samplesOf(heard, before) };
  const during = heard.samples.length;
  const endedAt = performance.now();
  if (fault === 'cable' || fault === 'unplug') {
    await board.close();
    plugged.push(await plug());
  } else board.fault = undefined;
  await expect.poll(() => heard.samples.length, { timeout: 15_000, interval: 10 }).toBeGreaterThan(during + 2);
  const seconds = (performance.now() - endedAt) / 1000;
  expect(samplesOf(heard, 0), fault).not.toContain('WRONG');
  await receiver.stop();
  for (const each of plugged) await each.close();
  return { ...row, back: seconds < 5 ? 'within 5 s' : 'within 15 s' };
}

/** Something that is no board, or none that is known. */
async function stranger(folder: string, fault: LineFault, serial: number): Promise<Row> {
  const link = join(folder, fault);
  const board = await emulateBoard({ link, serial, fault, bench: constantBench() });
  const heard = new Collected();
  const receiver = benchlabReceiver({ ports: [link], rateHz: 20 });
  await receiver.start(heard);
  await pause(faultMs);
  const sent = [...new Set(board.requests)].join(' ') || 'nothing';
  await receiver.stop();
  await board.close();
  return { fault, reported: codesOf(heard), samples: samplesOf(heard, 0), back: `sent to it: ${sent}` };
}

async function taken(folder: string): Promise<Row> {
  const link = join(folder, 'taken');
  const board = await emulateBoard({ link, serial: 90, bench: constantBench() });
  const other = new SerialPort({ path: link, baudRate: 115_200, autoOpen: false });
  await new Promise<void>((resolve, reject) => other.open((error) => (error ? reject(error) : resolve())));
  const heard = new Collected();
  const receiver = benchlabReceiver({ ports: [link], rateHz: 20 });
  await receiver.start(heard);
  await pause(1500);
  const row = { fault: 'another program has the port', reported: codesOf(heard), samples: samplesOf(heard, 0) };
  await new Promise<void>((resolve) => other.close(() => resolve()));
  const endedAt = performance.now();
  await expect.poll(() => heard.samples.length, { timeout: 8000 }).toBeGreaterThan(2);
  const back = performance.now() - endedAt < 5000 ? 'within 5 s' : 'within 15 s';
  await receiver.stop();
  await board.close();
  return { ...row, back };
}

async function absent(): Promise<Row> {
  const heard = new Collected();
  const receiver = benchlabReceiver({ ports: ['/dev/there-is-no-such-port'], rateHz: 20 });
  await receiver.start(heard);
  await pause(1000);
  await receiver.stop();
  return { fault: 'the port is not there', reported: codesOf(heard), samples: samplesOf(heard, 0), back: '' };
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
    (fault === 'cable' ? 'The cable is pulled, and plugged in again.' : '');
  const said = ({ fault, reported }: Row): string => {
    const race = races[fault];
    if (race === undefined) return reported;
    for (const code of reported.split(', ')) expect(race.codes, fault).toContain(code);
    return race.words;
  };
  const table = rows.map(
    ({ fault, reported, samples, back }) =>
      `| ${fault} | ${about(fault)} | ${said({ fault, reported, samples, back })} | ${samples} | ${back} |`,
  );
  const page = [
    '# Fault matrix',
    '',
    'What the BENCHLAB receiver says of each fault of a line and of what is behind it, on real pseudo-terminals for five seconds each. This page is',
    'written by `faultMatrix.test.ts`, which fails where it is no longer true. In no row is there a wrong reading: samples are right, or there are none.',
    '',
    '| fault | what happens | reported | samples meanwhile | after it ends |',
    '| --- | --- | --- | --- | --- |',
    ...table,
    '',
    'The names are those of `benchlab-probe emulate --fault`. What is reported is counted in `benchlab_receiver_failures_total{error_type}`; a board that is',
    'lost ends its series, and `hw_status` says failed.',
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../../../docs/fault-matrix.md');
});
