import { randomUUID } from 'node:crypto';
import { type Budget, isOfEnergy, isRelative, parseBudget } from '@benchlab-otel/analysis';
import { BenchlabError, messageOf, type SampleConsumer } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { type OpenEventStream, openEventStream } from '@benchlab-otel/node';
import { exitCode } from '../command/exitCode.ts';
import { namedBaseline } from '../compare/comparedPrograms.ts';
import { comparedRun } from '../compare/comparedRun.ts';
import {
  type ComparisonOptions,
  type ComparisonRequest,
  comparesEnergy,
  comparisonRequest,
} from '../compare/comparisonRequest.ts';
import type { CommandHost } from '../host/commandHost.ts';
import type { Terminal } from '../host/terminal.ts';
import { jsonReport } from '../report/jsonReport.ts';
import { printable } from '../report/printable.ts';
import { exitCodeOfRun, type RunResult } from '../report/result.ts';
import { textReport } from '../report/textReport.ts';
import { boardsToRead } from './boardsToRead.ts';
import { readCalibration } from './calibrationFile.ts';
import { measuredIdle } from './measuredIdle.ts';
import { measuredRun } from './measuredRun.ts';
import { noBoardToRead, type StartedMeter, startAgentMeter, startMeter } from './meter.ts';
import { type OutputFile, prepareOutputFile } from './outputFile.ts';
import { component, emitResult, programOf } from './runEvents.ts';

export interface RunOptions extends ComparisonOptions {
  readonly port: readonly string[];
  readonly simulate?: boolean;
  readonly allowSimulated?: boolean;
  readonly assumeFirmware?: number;
  /** False polls boards on time. */
  readonly dither: boolean;
  /** Take the samples from an agent: at this socket, or at the default socket. */
  readonly agent?: string | true;
  /** Measure the bench at rest for this many ms before the program starts. */
  readonly idle?: number;
  /** A file that states what is known of the meter. */
  readonly calibration?: string;
  readonly budget: readonly string[];
  readonly json?: string;
  /** The JSON report holds the command line. */
  readonly jsonCommand?: boolean;
  readonly telemetryOut?: string;
}

/** Runs a program with its bench read and its budgets judged. A wrong request is refused before the program starts. */
export async function budgetedRun(host: CommandHost, options: RunOptions, command: readonly string[]): Promise<number> {
  const { terminal } = host;
  const request = comparisonRequest(options);
  const budgets = options.budget.filter((text) => !isRelative(text)).map(parseBudget);
  const limits = { budgets, request };
  if (options.simulate) refuseSimulated(limits, options);
  const baseline = request && (await namedBaseline(request, command, host));
  const calibration = options.calibration === undefined ? undefined : await readCalibration(options.calibration);
  const file = options.json === undefined ? undefined : await prepareOutputFile(options.json, '--json');
  const stream = options.telemetryOut === undefined ? undefined : await openStream(options.telemetryOut);
  const board = options.simulate ? await emulateBoard({ bench: hostLoadBench() }) : undefined;
  try {
    const ports = board === undefined ? options.port : [board.path];
    const meter = await openMeter(limits, { ...options, port: ports }, stream ? [stream.consumer] : [], terminal);
    const correlationId = randomUUID();
    try {
      const idle =
        options.idle !== undefined && 'history' in meter
          ? await measuredIdle(meter, options.idle / 1000, host)
          : undefined;
      stream?.events.emit({
        event: 'launch',
        context: { correlation_id: correlationId },
        diagnostics: { program: programOf(command) },
      });
      const settings = {
        command,
        budgets,
        allowSimulated: options.allowSimulated ?? false,
        onStarted: once(() => file?.clear() ?? Promise.resolve()),
        energy: { ...(idle === undefined ? {} : { idle }), ...(calibration === undefined ? {} : { calibration }) },
        meter: 'history' in meter ? meter : undefined,
        notes: 'history' in meter ? [] : [meter.note],
      };
      // What cannot be written now is reported when the last result is written.
      const save = async (soFar: RunResult) => file?.write(jsonOf(soFar, options)).catch(() => undefined);
      const result =
        request === undefined || baseline === undefined
          ? await measuredRun({ ...settings, host })
          : await comparedRun(host, { ...settings, request, baseline, save });
      if (result === undefined) {
        terminal.err('benchlab-probe: a signal ended the comparison before its first run\n');
        return exitCode.inconclusive;
      }
      if (stream) emitResult(stream.events, result, correlationId);
      terminal.out(textReport(result));
      return exitCodeOfRun(await written(result, file, options, terminal));
    } finally {
      if ('stop' in meter) await meter.stop();
    }
  } finally {
    await stream?.close();
    await board?.close();
  }
}

function openStream(path: string): Promise<OpenEventStream> {
  return openEventStream(path, { component, from: '--telemetry-out' });
}

/** Writes the JSON report. A failure to write it is one more trouble of the run. */
async function written(
  result: RunResult,
  file: OutputFile | undefined,
  options: RunOptions,
  terminal: Terminal,
): Promise<RunResult> {
  try {
    await file?.write(jsonOf(result, options));
    return result;
  } catch (error) {
    const message = messageOf(error);
    terminal.err(`benchlab-probe: ${message}\n`);
    return { ...result, troubles: [...result.troubles, message] };
  }
}

function jsonOf(result: RunResult, { jsonCommand = false }: RunOptions): string {
  return jsonReport(result, { withCommand: jsonCommand });
}

/** The file of an earlier run goes when the first program starts; what this run has written by then stays. */
function once(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= task();
    return done;
  };
}

/** All that the run is held to. */
interface Limits {
  readonly budgets: readonly Budget[];
  readonly request: ComparisonRequest | undefined;
}

/** A meter that runs, or a note why there is none. Without a board, latency is measured and energy is not. */
async function openMeter(
  limits: Limits,
  options: RunOptions,
  consumers: readonly SampleConsumer[],
  terminal: Terminal,
): Promise<StartedMeter | { note: string }> {
  if (options.agent !== undefined) return openAgent(options.agent, limits, options, terminal);
  const wanted = { ports: options.port, dither: options.dither, ...assumed(options) };
  const { boards, refused } = await boardsToRead(wanted);
  if (boards.length === 0) {
    const missing = noBoardToRead(refused);
    const isNeeded = options.port.length > 0 || options.idle !== undefined || limitsEnergy(limits);
    if (isNeeded) throw missing;
    terminal.err('benchlab-probe: no board: no energy\n');
    return { note: `no board: no energy. ${missing.message}` };
  }
  if (boards.some(({ simulated }) => simulated)) refuseSimulated(limits, options);
  for (const { product, port, simulated } of boards) {
    terminal.err(`benchlab-probe: reading ${printable(product)} at ${port}${simulated ? ' (simulated)' : ''}\n`);
  }
  return startMeter(boards, { ...wanted, consumers });
}

/** The meters of an agent. */
async function openAgent(
  agent: string | true,
  limits: Limits,
  options: RunOptions,
  terminal: Terminal,
): Promise<StartedMeter> {
  const meter = await startAgentMeter(agent === true ? {} : { path: agent });
  try {
    if (meter.watch.meters.some(({ simulated }) => simulated)) refuseSimulated(limits, options);
  } catch (error) {
    await meter.stop();
    throw error;
  }
  for (const { name, simulated } of meter.watch.meters) {
    terminal.err(`benchlab-probe: reading ${printable(name)} from the agent${simulated ? ' (simulated)' : ''}\n`);
  }
  return meter;
}

function assumed({ assumeFirmware }: RunOptions): { assumeFirmware?: number } {
  return assumeFirmware === undefined ? {} : { assumeFirmware };
}

function limitsEnergy({ budgets, request }: Limits): boolean {
  return budgets.some(isOnJoules) || comparesEnergy(request);
}

function isOnJoules(budget: Budget): boolean {
  return budget.function === 'joules';
}

/** The joules of an emulated board are not those of this machine: judging them needs `--allow-simulated`. */
function refuseSimulated({ budgets, request }: Limits, { allowSimulated }: RunOptions): void {
  const energy = budgets.find(isOnJoules) ?? request?.budgets.find(isOfEnergy);
  if (energy === undefined || allowSimulated) return;
  throw new BenchlabError(
    'BAD_OPTION',
    `The board is simulated, and the budget "${energy.text}" is about energy.`,
    'Use a real board, or add --allow-simulated to try the command out.',
  );
}
