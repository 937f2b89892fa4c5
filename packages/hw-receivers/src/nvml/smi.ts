import { spawn } from 'node:child_process';
import { BenchlabError, type Clock } from '@benchlab-otel/core';
import { bareEnvironment } from '../program/bareEnvironment.ts';
import { systemProgram } from '../program/systemProgram.ts';
import type { GpuIdentity, GpuPoll } from './values.ts';

/** One GPU as nvidia-smi reports it. */
interface SmiGpu {
  readonly identity: GpuIdentity;
  readonly poll: GpuPoll;
}

export interface SmiAnswer {
  readonly gpus: readonly SmiGpu[];
  readonly driver?: string;
  /** Lines that are not the row of a GPU: warnings, errors, rows that were cut. */
  readonly others: readonly string[];
  /** Fields of GPUs with an error in place of a value. */
  readonly failed: readonly string[];
}

/** What the program printed, and how it ended: 0 when all went well. */
interface SmiOutput {
  readonly text: string;
  readonly exitCode: number;
}

/** Runs the program once with these arguments. Rejects with a BenchlabError when it cannot be run or does not end. */
export type RunSmi = (args: readonly string[], signal: AbortSignal) => Promise<SmiOutput>;

const bytesPerMebibyte = 1024 * 1024;
const milli = 1000;

// Fields that nvidia-smi has had for ten years: one unknown field makes it refuse all of them.
const columns: readonly (readonly [field: string, name: string, scale: number])[] = [
  ['utilization.gpu', 'utilization', 1],
  ['memory.total', 'memoryTotal', bytesPerMebibyte],
  ['memory.used', 'memoryUsed', bytesPerMebibyte],
  ['power.draw', 'powerMilliwatts', milli],
  ['enforced.power.limit', 'powerLimitMilliwatts', milli],
  ['temperature.gpu', 'temperature', 1],
  ['fan.speed', 'fan0Percent', 1],
  ['clocks.gr', 'clockGraphics', 1],
  ['clocks.sm', 'clockSm', 1],
  ['clocks.mem', 'clockMemory', 1],
  ['pcie.link.gen.current', 'pcieGeneration', 1],
  ['pcie.link.width.current', 'pcieWidth', 1],
];
const textColumns = ['uuid', 'name', 'driver_version'];

export const smiArguments: readonly string[] = [
  `--query-gpu=${[...textColumns, ...columns.map(([field]) => field)].join(',')}`,
  '--format=csv,noheader,nounits',
];

/** nvidia-smi prints this where it finds no GPU, and ends with 6. */
const noDevices = /^No devices were found/;

/**
 * Asks nvidia-smi once. It is killed when it takes longer than `signal` allows. Rows of GPUs count with any exit code:
 * a warning about one GPU (a corrupted infoROM) makes it 14.
 */
export async function askSmi(
  run: RunSmi,
  clock: Clock,
  signal: AbortSignal,
): Promise<SmiAnswer & { readonly problem?: BenchlabError }> {
  const startNs = clock.nowNs();
  const { text, exitCode } = await run(smiArguments, signal);
  const answer = parseSmi(text, startNs, clock.nowNs());
  const isFine = answer.others.length === 0 && answer.failed.length === 0 && exitCode === 0;
  const isEmpty = answer.others.length === 1 && noDevices.test(answer.others[0] ?? '');
  if (isFine || isEmpty) return answer;
  const problem = answer.others.length === 0 ? failedFields(answer.failed, exitCode) : notRows(answer.others, exitCode);
  if (answer.gpus.length === 0) throw problem;
  return { ...answer, problem };
}

function failedFields(failed: readonly string[], exitCode: number): BenchlabError {
  if (failed.length === 0) return notRows([], exitCode);
  return new BenchlabError(
    'NO_REPLY',
    `nvidia-smi has no value: ${failed.slice(0, 8).join('; ')}.`,
    'The others are read.',
  );
}

function notRows([first, ...more]: readonly string[], exitCode: number): BenchlabError {
  const ended = exitCode === 0 ? '' : ` It ended with ${exitCode}.`;
  if (first === undefined) {
    return new BenchlabError('NO_REPLY', `nvidia-smi reports a problem.${ended}`, 'Run it by hand.');
  }
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  const what = `nvidia-smi printed a line that is not the row of a GPU${others}: "${first.slice(0, 120)}".${ended}`;
  return new BenchlabError('BAD_REPLY', what, 'Run it by hand.');
}

/** Reads each line for itself: rows of GPUs, and lines that are not rows. An output without lines means no GPU. */
export function parseSmi(output: string, startNs: number, endNs: number): SmiAnswer {
  const gpus: SmiGpu[] = [];
  const others: string[] = [];
  const failed: string[] = [];
  let driver: string | undefined;
  for (const line of output.split('\n').filter((each) => each.trim() !== '')) {
    const row = rowOf(line);
    if (row === undefined) {
      others.push(line.trim());
      continue;
    }
    const { uuid, name, cells } = row;
    driver ??= row.driver;
    const values = valuesOf(cells);
    failed.push(...failedCells(cells).map((cell) => `${cell} of ${uuid}`));
    const nothing = { instances: [], skipped: 0, denied: [], refused: [], isSilent: false };
    gpus.push({ identity: { uuid, name }, poll: { uuid, startNs, endNs, values, ...nothing } });
  }
  return driver === undefined ? { gpus, others, failed } : { gpus, driver, others, failed };
}

/** The ids of GPUs begin with "GPU-", those of Jetson boards do not. */
const uuidPattern = /^(GPU-[\w-]+|[0-9a-f]{8}-[0-9a-f-]{27})$/;

/** A name may have commas. The columns before and after it have none. Undefined for a line that is not a row. */
function rowOf(line: string) {
  const cells = line.split(',').map((cell) => cell.trim());
  const [uuid = '', ...rest] = cells.slice(0, -columns.length);
  const driver = rest.pop() ?? '';
  if (!uuidPattern.test(uuid) || rest.length === 0 || !/^\d+(\.\d+)+$/.test(driver)) return undefined;
  return { uuid, name: rest.join(', '), driver, cells: cells.slice(-columns.length) };
}

/** What a GPU lacks, in the words of several drivers. Other words are an error: "[Unknown Error]", "ERR!", "[GPU is lost]". */
const lacking = /^\[?(N\/A|Not Supported|Not Available|Deprecated|Requested functionality has been deprecated)\]?$/i;
const numeric = /^-?\d{1,12}(\.\d{1,6})?$/;

function failedCells(cells: readonly string[]): readonly string[] {
  return columns.flatMap(([field], index) => {
    const cell = cells[index] ?? '';
    return numeric.test(cell) || lacking.test(cell) ? [] : [`${field} is "${cell.slice(0, 40)}"`];
  });
}

/** Everything that is not a number is absence. */
function valuesOf(cells: readonly string[]): Record<string, number> {
  const values: Record<string, number> = {};
  columns.forEach(([, name, scale], index) => {
    const cell = cells[index] ?? '';
    if (numeric.test(cell)) values[name] = Number(cell) * scale;
  });
  return values;
}

const maxOutputBytes = 64 * 1024;

/** @param program its path, or its name among the programs of the system */
export function smiRunner(program: string): RunSmi {
  return (args, signal) =>
    new Promise((resolve, reject) => {
      let output = '';
      const fail = (what: string) =>
        reject(new BenchlabError('NO_REPLY', `${program}: ${what}.`, 'Check the NVIDIA driver.'));
      // Looked for each time: the driver may be installed while this process runs.
      const path = systemProgram(program);
      if (path === undefined) {
        fail('it is not among the programs of the system');
        return;
      }
      const child = spawn(path, args, {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: bareEnvironment(process.env),
        signal,
        // A process that hangs in the driver reacts to no other signal.
        killSignal: 'SIGKILL',
      });
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.length > maxOutputBytes) child.kill('SIGKILL');
      });
      child.once('error', (error) => {
        // It is not waited for any longer, also when it does not die.
        child.unref();
        child.stdout.destroy();
        fail(signal.aborted ? 'it took too long and was killed' : error.message);
      });
      child.once('close', (code, killedBy) => {
        if (code !== null && output.length <= maxOutputBytes) resolve({ text: output, exitCode: code });
        else fail(`it ended with ${killedBy ?? code}`);
      });
    });
}
