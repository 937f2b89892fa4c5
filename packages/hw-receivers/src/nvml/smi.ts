import { spawn } from 'node:child_process';
import { BenchlabError, type Clock } from '@benchlab-otel/core';
import type { GpuIdentity, GpuPoll } from './values.ts';

/** One GPU as nvidia-smi reports it. */
interface SmiGpu {
  readonly identity: GpuIdentity;
  readonly poll: GpuPoll;
}

export interface SmiAnswer {
  readonly gpus: readonly SmiGpu[];
  readonly driver?: string;
}

/** Runs the program once with these arguments. Rejects with a BenchlabError. */
export type RunSmi = (args: readonly string[], signal: AbortSignal) => Promise<string>;

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

/** Asks nvidia-smi once. It is killed when it takes longer than `signal` allows. */
export async function askSmi(run: RunSmi, clock: Clock, signal: AbortSignal): Promise<SmiAnswer> {
  const startNs = clock.nowNs();
  const output = await run(smiArguments, signal);
  const answer = parseSmi(output, startNs, clock.nowNs());
  if (answer !== undefined) return answer;
  throw new BenchlabError('BAD_REPLY', 'nvidia-smi printed something else than it was asked for.', 'Run it by hand.');
}

/** Undefined when a line does not have the columns that were asked for. An output without lines means no GPU. */
export function parseSmi(output: string, startNs: number, endNs: number): SmiAnswer | undefined {
  const rows = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()));
  if (rows.some(([uuid, ...rest]) => !/^GPU-[\w-]+$/.test(uuid ?? '') || rest.length !== columns.length + 2)) {
    return undefined;
  }
  const driver = rows[0]?.[2];
  const gpus = rows.map(([uuid = '', name = '', , ...cells]) => ({
    identity: { uuid, name },
    poll: { uuid, startNs, endNs, values: valuesOf(cells), instances: [], skipped: 0, denied: [] },
  }));
  return driver === undefined ? { gpus } : { gpus, driver };
}

/** "[N/A]", "[Not Supported]" and "[Unknown Error]" are absence, as is everything else that is not a number. */
function valuesOf(cells: readonly string[]): Record<string, number> {
  const values: Record<string, number> = {};
  columns.forEach(([, name, scale], index) => {
    const cell = cells[index] ?? '';
    if (/^-?\d{1,12}(\.\d{1,6})?$/.test(cell)) values[name] = Number(cell) * scale;
  });
  return values;
}

const maxOutputBytes = 64 * 1024;

/** @param path of the program, or its name on the search path */
export function smiRunner(path: string): RunSmi {
  return (args, signal) =>
    new Promise((resolve, reject) => {
      // SIGKILL: a process that hangs in the driver reacts to no other signal.
      const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'ignore'], signal, killSignal: 'SIGKILL' });
      let output = '';
      const fail = (what: string) =>
        reject(new BenchlabError('NO_REPLY', `${path}: ${what}.`, 'Check the NVIDIA driver.'));
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
        if (code === 0 && output.length <= maxOutputBytes) resolve(output);
        else fail(`it ended with ${killedBy ?? code}`);
      });
    });
}
