import { randomUUID } from 'node:crypto';
import { type Budget, type Observed, parseBudget } from '@benchlab-otel/analysis';
import { BenchlabError, messageOf, type SampleConsumer } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { type OpenEventStream, openEventStream } from '@benchlab-otel/node';
import type { CommandHost } from '../host/commandHost.ts';
import type { Terminal } from '../host/terminal.ts';
import { type OutputOptions, prepareOutputs } from '../outputs/outputs.ts';
import { lostOf } from '../presence/lostOf.ts';
import type { ProbeFile } from '../presence/probeFile.ts';
import { RunView } from '../presence/runView.ts';
import { telemetryText } from '../presence/telemetryText.ts';
import { withFile } from '../presence/withFile.ts';
import { printable } from '../report/printable.ts';
import { exitCodeOfRun, type RunResult } from '../report/result.ts';
import { boardsToRead } from './boardsToRead.ts';
import { readCalibration } from './calibrationFile.ts';
import { measuredIdle } from './measuredIdle.ts';
import { measuredRun } from './measuredRun.ts';
import { noBoardToRead, type StartedMeter, startAgentMeter, startMeter } from './meter.ts';
import { type OutputFile, prepareOutputFile } from './outputFile.ts';
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
  /** A file of expectations; true for the one of the default name. */
  readonly expect?: string | true;
  /** Where the received telemetry is written. */
  readonly save?: string;
  readonly telemetryOut?: string;
}

/** Runs a program with its bench read and its budgets judged. A wrong request is refused before the program starts. */
export async function budgetedRun(host: CommandHost, given: RunOptions, command: readonly string[]): Promise<number> {
  const { terminal } = host;
  const expected = given.expect === undefined ? undefined : await readExpected(given.expect);
  const options = expected === undefined ? given : withFile(given, expected);
  const budgets = [...options.budget.map(parseBudget), ...(expected?.budgets ?? [])];
  if (options.simulate) refuseSimulated(budgets, options);
  const calibration = options.calibration === undefined ? undefined : await readCalibration(options.calibration);
  const outputs = await prepareOutputs(options, host);
  const lastSeconds = options.json === undefined ? undefined : await durationIn(options.json);
  const save = options.save === undefined ? undefined : await prepareOutputFile(options.save, '--save');
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
      const view = expected === undefined && save === undefined ? undefined : new RunView(expected?.expectations);
      const measured = await measuredRun({
        command,
        budgets,
        host,
        allowSimulated: options.allowSimulated ?? false,
        expectSpans: options.expectSpans ?? false,
        ...(view === undefined ? {} : { wanted: view }),
        onStarted: async () => {
          await Promise.all([outputs.started(), save?.clear()]);
        },
        onSpans: ({ length }) => progress.add(length),
        energy: { ...(idle === undefined ? {} : { idle }), ...(calibration === undefined ? {} : { calibration }) },
        ...('history' in meter ? { meter } : {}),
        notes: [...('note' in meter ? [meter.note] : []), ...(expected === undefined ? [] : notComparedWith(expected))],
      }).finally(() => progress.end());
      const result = await saved(view === undefined ? measured : view.judged(measured), view?.observed, save, terminal);
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

/** The readers of YAML and of schemas are loaded where a file is named: other runs start without them. */
async function readExpected(expect: string | true): Promise<ProbeFile> {
  const { fileOf, readProbeFile } = await import('../presence/readProbeFile.ts');
  return readProbeFile(fileOf(expect));
}

/** This command compares with nothing, and must not look as if it had. */
function notComparedWith({ path, baseline }: ProbeFile): readonly string[] {
  return baseline === undefined ? [] : [`${path} names a baseline, and this run was not compared with it`];
}

function openStream(path: string): Promise<OpenEventStream> {
  return openEventStream(path, { component, from: '--telemetry-out' });
}

/** Writes the received telemetry. A failure to write it is one more trouble of the run. */
async function saved(
  result: RunResult,
  observed: Observed | undefined,
  file: OutputFile | undefined,
  terminal: Terminal,
): Promise<RunResult> {
  if (file === undefined || observed === undefined) return result;
  const { startedAt, received } = result;
  try {
    await file.write(telemetryText(observed, { startedAt, lost: lostOf(received) }));
    return result;
  } catch (error) {
    const message = messageOf(error);
    terminal.err(`benchlab-probe: ${message}\n`);
    return { ...result, troubles: [...result.troubles, message] };
  }
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
