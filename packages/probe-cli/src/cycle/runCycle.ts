import { mkdirSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import { systemProgram } from '@benchlab-otel/hw-receivers';
import { startTelemetry, type Telemetry } from '@benchlab-otel/node';
import { exitCode, signalBase } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { newSigningKey, readSigningKey, type SigningKey } from './bundle/signingKey.ts';
import { cycleReport } from './cycleReport.ts';
import { EmittedCounts } from './emitted.ts';
import { type OutFolder, prepareOutFolder } from './outFolder.ts';
import { kernelNameOf } from './pipeline/kernelOutcome.ts';
import { hostKind } from './pipeline/pipelineContext.ts';
import { type PipelineResult, runPipeline } from './pipeline/runPipeline.ts';
import type { BackendName } from './spec/specSchema.ts';
import { readSpecFile } from './specFile.ts';
import { Artifacts } from './tools/artifacts.ts';
import { type ToolLimits, toolLimits } from './tools/runTool.ts';

export interface CycleOptions {
  readonly out?: string;
  readonly key?: string;
  readonly break?: BackendName;
  /** Milliseconds for which the cycle is repeated. Once where it is absent. */
  readonly for?: number;
  readonly telemetryOut?: string;
}

/** `service.name`, unless the environment has one. */
const serviceName = 'benchlab-cycle';

/** `benchlab-probe cycle SPEC`. */
export async function runCycle(
  host: CommandHost,
  options: CycleOptions,
  [path = '', ...others]: readonly string[],
  limits: ToolLimits = toolLimits,
): Promise<number> {
  if (others.length > 0) {
    throw new BenchlabError('BAD_OPTION', `${others.length + 1} specifications were named.`, 'Name one.');
  }
  const ingestedNs = host.clock.nowNs();
  const text = readSpecFile(path);
  const key = options.key === undefined ? newSigningKey() : readSigningKey(options.key);
  const folder = prepareOutFolder(options.out);
  try {
    return await inFolder(host, options, { path, text, ingestedNs, key, folder, limits });
  } finally {
    folder.remove();
  }
}

interface Prepared {
  readonly path: string;
  readonly text: string;
  readonly ingestedNs: number;
  readonly key: SigningKey;
  readonly folder: OutFolder;
  readonly limits: ToolLimits;
}

async function inFolder(host: CommandHost, options: CycleOptions, prepared: Prepared): Promise<number> {
  const interruption = new AbortController();
  const stopListening = host.signals.listen((signal) => interruption.abort(signal));
  const counts = new EmittedCounts();
  const telemetry = await started(host, options, counts);
  let lost = 0;
  let code: number;
  try {
    const result = await repeated(host, options, prepared, telemetry, interruption.signal);
    for (const kernel of result.failed) {
      const { name, backend, variant } = kernelNameOf(kernel);
      const diagnostics = { missing_artifact: `${name}/${backend}`, kernel_variant: variant, reason: kernel.reason };
      telemetry.events.emit({ event: 'diagnostic', diagnostics });
    }
    prepared.folder.keep();
    const emitted = await counts.signals(telemetry);
    const { out } = options;
    const isKeyOfRun = prepared.key.isOfRun;
    host.terminal.out(cycleReport({ result, emitted, isKeyOfRun, ...(out === undefined ? {} : { out }) }));
    code = codeOf(result);
  } catch (error) {
    const { signal } = interruption;
    if (!signal.aborted || error !== signal.reason) throw asTrouble(error);
    host.terminal.err(`benchlab-probe: interrupted by ${signal.reason}; nothing was kept.\n`);
    code = signalBase + constants.signals[signal.reason as NodeJS.Signals]; // what `listen` gave
  } finally {
    stopListening();
    ({ droppedSpans: lost } = await telemetry.shutdown());
  }
  if (lost === 0) return code;
  host.terminal.err(`benchlab-probe: ${lost} spans were not taken by the collector. Check its address and its log.\n`);
  return code === exitCode.pass ? exitCode.trouble : code;
}

/** The last of the cycles that fit into `--for`: one after the other in one process, as a service would run them. */
async function repeated(
  host: CommandHost,
  options: CycleOptions,
  prepared: Prepared,
  telemetry: Telemetry,
  signal: AbortSignal,
): Promise<PipelineResult> {
  const endNs = prepared.ingestedNs + (options.for ?? 0) * 1e6;
  for (let { ingestedNs } = prepared; ; ingestedNs = host.clock.nowNs()) {
    const one = { ...prepared, ingestedNs };
    const result = await telemetry.events.run('cycle', () => pipeline(host, options, one, telemetry, signal));
    if (host.clock.nowNs() >= endNs) return result;
  }
}

async function pipeline(
  host: CommandHost,
  options: CycleOptions,
  { path, text, ingestedNs, key, folder, limits }: Prepared,
  telemetry: Telemetry,
  signal: AbortSignal,
): Promise<PipelineResult> {
  const work = join(folder.path, 'work');
  mkdirSync(work);
  const findProgram = host.findProgram ?? ((name) => (name === 'node' ? process.execPath : systemProgram(name)));
  const result = await runPipeline({
    context: {
      logger: telemetry.logger,
      hostKind: hostKind(),
      artifacts: new Artifacts(join(folder.path, 'artifacts')),
      place: { findProgram, folder: work, limits, signal },
    },
    text,
    where: path,
    ingestedNs,
    clock: host.clock,
    key,
    folder: folder.path,
    ...(options.break === undefined ? {} : { breakBackend: options.break }),
  });
  rmSync(work, { recursive: true, force: true });
  return result;
}

/** As an application would: what the environment names is exported, and nothing else. */
function started(
  { environment, terminal }: CommandHost,
  { telemetryOut }: CycleOptions,
  counts: EmittedCounts,
): Promise<Telemetry> {
  const names = Object.keys(environment).filter((name) => environment[name]?.trim());
  const sendsOtlp = names.some((name) => /^(?:OTEL_EXPORTER_OTLP_(?:\w+_)?|TELEMETRY_EXPORTER_)ENDPOINT$/.test(name));
  const hasPage = names.some((name) => name === 'OTEL_EXPORTER_PROMETHEUS_PORT' || name === 'PROMETHEUS_PORT');
  return startTelemetry({
    env: environment,
    ...(names.includes('OTEL_SERVICE_NAME') ? {} : { serviceName }),
    ...(sendsOtlp ? {} : { otlp: false as const }),
    ...(hasPage ? {} : { metricsPage: false as const }),
    log: { destination: { write: (line) => terminal.err(line) } },
    enrichers: [counts.enricher],
    ...(telemetryOut === undefined ? {} : { telemetryOut }),
  });
}

function codeOf({ failed }: PipelineResult): number {
  if (failed.some(({ reason }) => reason === 'blocked')) return exitCode.fail;
  return failed.some(({ reason }) => reason === 'compile_failed') ? exitCode.trouble : exitCode.pass;
}

/** A full disk, a folder that was removed: errors of the system, with what to do. */
function asTrouble(error: unknown): unknown {
  const isOfSystem = error instanceof Error && 'syscall' in error;
  if (!isOfSystem) return error;
  const fix = 'Make room on its disk, check that its folder is still there, and run it again.';
  return new BenchlabError('UNSUPPORTED', `The build could not be written: ${messageOf(error)}.`, fix, {
    cause: error,
  });
}
