import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CollectedSamples } from '@benchlab-otel/core/testing';
import { constantBench, emulateBoard } from '@benchlab-otel/emulator';
import { benchlabReceiver } from '@benchlab-otel/hw-receivers';
import { expect, onTestFinished, test } from 'vitest';
import { installed } from './process.ts';

const seconds = 10;
const rateHz = 100;

test(`the receiver reads an instant board ${rateHz} times a second without drift, beside the library of the vendor`, async () => {
  const [ours, theirs] = await Promise.all([
    emulateBoard({ serial: 1, bench: constantBench() }),
    emulateBoard({ serial: 2, bench: constantBench() }),
  ]);
  onTestFinished(() => Promise.all([ours.close(), theirs.close()]).then(() => undefined));
  const heard = new CollectedSamples();
  const receiver = benchlabReceiver({ ports: [ours.path], rateHz });
  onTestFinished(() => receiver.stop());
  await receiver.start(heard);
  await expect.poll(() => heard.samples.length, { timeout: 5000 }).toBeGreaterThan(rateHz / 2);

  // Both in the same seconds, on the same machine.
  const from = heard.samples.length;
  const vendor = vendorFrames(theirs.path);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const times = heard.samples.slice(from).map(({ timeNs }) => timeNs);
  const missed = heard.reports.slice(-times.length).reduce((sum, report) => sum + report.missed, 0);
  const vendorHz = (await vendor) / seconds;

  const elapsed = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1e9;
  const hz = (times.length - 1) / elapsed;
  // Deadlines are multiples of 10 ms from the first on: how far each sample is from its own.
  const offsets = times.map((time) => ((time - (times[0] ?? 0)) / 1e6 + 1e6) % (1000 / rateHz)).map(centred);
  const half = offsets.length >> 1;
  const driftMs = Math.abs(median(offsets.slice(half)) - median(offsets.slice(0, half)));
  console.log(
    `ours ${hz.toFixed(1)} reads/s, ${missed} missed ticks, drift ${driftMs.toFixed(2)} ms in ${seconds} s; vendor's library ${vendorHz.toFixed(1)} reads/s`,
  );
  // A machine that stands still for a moment costs ticks, which are counted; it must not cost the rhythm.
  expect(hz + missed / elapsed).toBeGreaterThan(0.99 * rateHz);
  expect(missed).toBeLessThan(0.02 * seconds * rateHz);
  expect(driftMs).toBeLessThan(2);
  expect(hz).toBeGreaterThan(3 * vendorHz);
});

test(`a board that answers with instants is read at dithered times, ${rateHz} times a second, and misses as few`, async () => {
  const board = await emulateBoard({ bench: constantBench(), aperture: 'instant' });
  onTestFinished(() => board.close());
  const heard = new CollectedSamples();
  const receiver = benchlabReceiver({ ports: [board.path], rateHz });
  onTestFinished(() => receiver.stop());
  await receiver.start(heard);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const times = heard.samples.map(({ timeNs }) => timeNs);
  const missed = heard.reports.reduce((sum, report) => sum + report.missed, 0);
  const elapsed = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1e9;
  console.log(`${((times.length - 1) / elapsed).toFixed(1)} reads/s, ${missed} missed ticks in ${seconds} s`);
  expect((times.length - 1 + missed) / elapsed).toBeGreaterThan(0.99 * rateHz);
  expect(missed).toBeLessThan(0.02 * seconds * rateHz);
});

/** Half a period either side of the deadline. */
function centred(ms: number): number {
  return ms > 500 / rateHz ? ms - 1000 / rateHz : ms;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

async function vendorFrames(port: string): Promise<number> {
  const driver = fileURLToPath(new URL('./vendor_library.py', import.meta.url));
  const child = spawn(installed('python'), [driver], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the driver ended with ${code}`)));
  });
  child.stdin.end(`${JSON.stringify(['read_for', [port, seconds]])}\n`);
  const { answer, error } = JSON.parse(await line) as { answer?: number; error?: string };
  if (answer === undefined) throw new Error(error);
  return answer;
}
