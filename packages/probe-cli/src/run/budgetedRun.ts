import { randomUUID } from 'node:crypto';
import { type Budget, parseBudget } from '@benchlab-otel/analysis';
import { BenchlabError, type SampleConsumer } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { type OpenEventStream, openEventStream } from '@benchlab-otel/node';
import type { CommandHost } from '../host/commandHost.ts';
import type { Terminal } from '../host/terminal.ts';
import { type OutputOptions, prepareOutputs } from '../outputs/outputs.ts';
import { printable } from '../report/printable.ts';
import { exitCodeOfRun } from '../report/result.ts';
import { boardsToRead } from './boardsToRead.ts';
import { readCalibration } from './calibrationFile.ts';
import { measuredIdle } from './measuredIdle.ts';
import { measuredRun } from './measuredRun.ts';
import { noBoardToRead, type StartedMeter, startAgentMeter, startMeter } from './meter.ts';
import { durationIn, showProgress } from './progress.ts';
import { component, emitResult, programOf } from './runEvents.ts';

export interface RunOptions extends OutputOptions {
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
  /** Without a span, the run is undecided. */
  readonly expectSpans?: boolean;
  readonly telemetryOut?: string;
}

/** Runs a program with its bench read and its budgets judged. A wrong request is refused before the program starts. */
export async function budgetedRun(host: CommandHost, options: RunOptions, command: readonly string[]): Promise<number> {
  const { terminal } = host;
  const budgets = options.budget.map(parseBudget);
  if (options.simulate) refuseSimulated(budgets, options);
  const calibration = options.calibration === undefined ? undefined : await readCalibration(options.calibration);
  const outputs = await prepareOutputs(options, host);
  const lastSeconds = options.json === undefined ? undefined : await durationIn(options.json);
  const stream = options.telemetryOut === undefined ? undefined : await openStream(options.telemetryOut);
  const board = options.simulate ? await emulateBoard({ bench: hostLoadBench() }) : undefined;
  try {
    const ports = board === undefined ? options.port : [board.path];
    const meter = await openMeter(budgets, { ...options, port: ports }, stream ? [stream.consumer] : [], terminal);
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
      const progress = showProgress(host, lastSeconds);
      const result = await measuredRun({
        command,
        budgets,
        host,
        allowSimulated: options.allowSimulated ?? false,
        expectSpans: options.expectSpans ?? false,
        onStarted: () => outputs.started(),
        onSpans: ({ length }) => progress.add(length),
        energy: { ...(idle === undefined ? {} : { idle }), ...(calibration === undefined ? {} : { calibration }) },
        ...('history' in meter ? { meter } : { notes: [meter.note] }),
      }).finally(() => progress.end());
      if (stream) emitResult(stream.events, result, correlationId);
      return exitCodeOfRun(await outputs.write(result));
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

/** A meter that runs, or a note why there is none. Without a board, latency is measured and energy is not. */
async function openMeter(
  budgets: readonly Budget[],
  options: RunOptions,
  consumers: readonly SampleConsumer[],
  terminal: Terminal,
): Promise<StartedMeter | { note: string }> {
  if (options.agent !== undefined) return openAgent(options.agent, budgets, options, terminal);
  const wanted = { ports: options.port, dither: options.dither, ...assumed(options) };
  const { boards, refused } = await boardsToRead(wanted);
  if (boards.length === 0) {
    const missing = noBoardToRead(refused);
    const isNeeded = options.port.length > 0 || options.idle !== undefined || budgets.some(limitsEnergy);
    if (isNeeded) throw missing;
    terminal.err('benchlab-probe: no board: no energy\n');
    return { note: `no board: no energy. ${missing.message}` };
  }
  if (boards.some(({ simulated }) => simulated)) refuseSimulated(budgets, options);
  for (const { product, port, simulated } of boards) {
    terminal.err(`benchlab-probe: reading ${printable(product)} at ${port}${simulated ? ' (simulated)' : ''}\n`);
  }
  return startMeter(boards, { ...wanted, consumers });
}

/** The meters of an agent. */
async function openAgent(
  agent: string | true,
  budgets: readonly Budget[],
  options: RunOptions,
  terminal: Terminal,
): Promise<StartedMeter> {
  const meter = await startAgentMeter(agent === true ? {} : { path: agent });
  try {
    if (meter.watch.meters.some(({ simulated }) => simulated)) refuseSimulated(budgets, options);
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

function limitsEnergy(budget: Budget): boolean {
  return budget.function === 'joules';
}

/** The joules of an emulated board are not those of this machine: judging them needs `--allow-simulated`. */
function refuseSimulated(budgets: readonly Budget[], { allowSimulated }: RunOptions): void {
  const energy = budgets.find(limitsEnergy);
  if (energy === undefined || allowSimulated) return;
  throw new BenchlabError(
    'BAD_OPTION',
    `The board is simulated, and the budget "${energy.text}" is about energy.`,
    'Use a real board, or add --allow-simulated to try the command out.',
  );
}
