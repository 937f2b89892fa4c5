import { type SessionRecorder, sessionRecorder } from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { uninterrupted, untilSignalOr } from '../../host/ending.ts';
import { onMetricsPort } from '../../host/metricsPort.ts';
import { printable } from '../../report/printable.ts';
import { version } from '../../version.ts';
import { alignOptions } from '../sessionOptions.ts';
import { dataRootOf } from './dataRoot.ts';
import type { RecordOptions } from './recordOptions.ts';
import { recordReport } from './recordReport.ts';
import { type RecordSources, recordSources, startStages } from './recordSources.ts';

/** Without a line for this long, a message says so: otherwise a user may wait without end, ms. */
const quietMs = 10_000;

/** `sessions record`: writes what the sources give into a new session until it is ended. */
export async function recordSession(
  host: CommandHost,
  options: RecordOptions,
  pipeline: readonly string[],
): Promise<number> {
  const { terminal, clock, signals } = host;
  const sources = await recordSources(host, options, pipeline);
  const report = (what: string) => terminal.err(`benchlab-probe: ${printable(what)}\n`);
  // Signals are taken from here on: one that comes during the start ends the recording in order.
  const ending = untilSignalOr(options.for, host);
  try {
    const recorder = await sessionRecorder({
      dataRoot: dataRootOf(options.dataRoot, host.environment),
      tags: Object.fromEntries(options.tag),
      onTrouble: report,
      clock,
      ...alignOptions(options),
      ...(options.session === undefined ? {} : { name: options.session }),
      ...(options.comment === undefined ? {} : { comment: options.comment }),
    });
    terminal.err(`Recording into ${printable(recorder.paths.folder)} until Ctrl-C.\n`);
    const cancelQuiet = clock.at(clock.nowNs() + quietMs * 1e6, () => {
      if (recorder.lines > 0) return;
      report(`No line came for ${quietMs / 1000} s; recording continues. Check that the sources write.`);
    });
    let failures: readonly string[] = [];
    try {
      failures = await untilEnded(host, options, { sources, recorder, ended: ending.ended, report });
    } finally {
      cancelQuiet();
      await uninterrupted(signals, async () => {
        const closed = await recorder.close();
        terminal.out(recordReport(recorder, closed));
      });
    }
    return failures.length === 0 && recorder.dropped === 0 ? exitCode.pass : exitCode.trouble;
  } finally {
    ending.end();
  }
}

interface Running {
  readonly sources: RecordSources;
  readonly recorder: SessionRecorder;
  readonly ended: Promise<void>;
  readonly report: (what: string) => void;
}

/** Resolves with the failures of sources, when all of them are stopped. */
async function untilEnded(
  host: CommandHost,
  { metricsPort }: RecordOptions,
  { sources: { stages, receivers }, recorder, ended, report }: Running,
): Promise<readonly string[]> {
  const stopReceivers = await startReceivers(host, metricsPort, receivers, recorder);
  try {
    const started = await startStages(stages, recorder, report);
    // The agent has no end of its own: alone, it is recorded until a signal.
    await (stages.length === 0 ? ended : Promise.race([ended, started.allEnded]));
    await uninterrupted(host.signals, started.stop);
    for (const { stage, isPresent } of started.wanted)
      if (!isPresent) report(`The pipeline has no element of the name ${stage}.`);
    return started.failures;
  } finally {
    await stopReceivers();
  }
}

async function startReceivers(
  { terminal, environment }: CommandHost,
  metricsPort: number | undefined,
  receivers: RecordSources['receivers'],
  recorder: SessionRecorder,
): Promise<() => Promise<void>> {
  if (metricsPort === undefined) {
    for (const receiver of receivers) await receiver.start(recorder);
    return async () => void (await Promise.all(receivers.map((receiver) => receiver.stop())));
  }
  const host = '127.0.0.1';
  // Takes long to load, and is needed for the page alone.
  const { startTelemetry } = await import('@benchlab-otel/node');
  const telemetry = await onMetricsPort(host, metricsPort, () =>
    startTelemetry({
      serviceName: 'benchlab-recorder',
      serviceVersion: version(),
      otlp: false,
      env: { ...environment, OTEL_SDK_DISABLED: undefined, OTEL_TRACES_EXPORTER: 'none' },
      log: { destination: { write: (line) => terminal.err(line) } },
      metricsPage: { host, port: metricsPort },
      receivers,
      consumers: [recorder],
    }),
  );
  terminal.err(`Metrics: ${telemetry.metricsUrl}\n`);
  return async () => void (await telemetry.shutdown());
}
