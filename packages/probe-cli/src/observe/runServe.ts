import { counted, type Observed, SeriesRecorder, summariseOperations } from '@benchlab-otel/analysis';
import type { Clock } from '@benchlab-otel/core';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../otlp/otlpReceiver.ts';
import { sendersTo } from '../otlp/senders.ts';
import { droppedOf, troublesOf } from '../run/measuredRun.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import { waitForQuiet } from '../run/quiet.ts';
import { watchPage } from './pageWatch.ts';
import { checkScrapeUrl, type ServeOptions, serveAddress } from './serveOptions.ts';
import { type ServeResult, serveJson, serveText } from './serveReport.ts';
import type { WantedObservation } from './wantedObservation.ts';

/** What was on its way when the end came is taken, for this time, ms. */
const quietMs = 150;
const quietTimeoutMs = 5_000;
/** Between two lines of progress, ms. */
const progressMs = { terminal: 1_000, other: 10_000 };
/** Between two questions whether all that is wanted has come, ms. */
const satisfiedEveryMs = 50;

/** Receives OTLP until a signal, the end of the time, or until all that is wanted has come. */
export async function runServe(host: CommandHost, options: ServeOptions, wanted?: WantedObservation): Promise<number> {
  const { terminal, clock } = host;
  const { token, ...listen } = await serveAddress(options);
  if (options.scrape !== undefined) checkScrapeUrl(options.scrape);
  const file = options.json === undefined ? undefined : await prepareOutputFile(options.json, '--json');
  const recorder = new SeriesRecorder({ sinceNs: clock.nowNs() });
  const otlp = await startOtlpReceiver({
    clock,
    listen,
    senders: sendersTo(token),
    onMetricPoints: (points) => recorder.addPoints(points),
  });
  const observed = (): Observed => ({
    series: recorder.series,
    spans: otlp.store.spans,
    logs: otlp.store.logRecords,
  });
  const startedNs = clock.nowNs();
  const startedAt = new Date(Number(clock.anchor().epochNs / 1_000_000n)).toISOString();
  const ending = untilSignalOr(options.for, host);
  const page =
    options.scrape === undefined
      ? undefined
      : watchPage({ url: options.scrape, clock, recorder, isSatisfied: () => false });
  const stops = [
    every(clock, terminal.redraws ? progressMs.terminal : progressMs.other, progress(host, otlp, recorder)),
  ];
  if (wanted !== undefined) {
    let asked = -1;
    const ask = () => {
      const arrived = otlp.store.received.requests + (page?.pages ?? 0);
      if (arrived !== asked && wanted.satisfied(observed())) ending.end();
      asked = arrived;
    };
    stops.push(every(clock, satisfiedEveryMs, ask));
  }
  try {
    await file?.clear();
    terminal.err(`benchlab-probe: OTLP is received at ${otlp.endpoint} (gRPC and HTTP)\n`);
    await ending.ended;
    const durationSeconds = (clock.nowNs() - startedNs) * 1e-9;
    await page?.stop();
    const lastActivityNs = () => otlp.lastActivityNs;
    const quiet = await waitForQuiet({ clock, lastActivityNs, quietMs, timeoutMs: quietTimeoutMs });
    wanted?.ended?.(observed());
    const { received, spans } = otlp.store;
    const result: ServeResult = {
      startedAt,
      durationSeconds,
      received,
      operations: summariseOperations(spans),
      series: recorder.series,
      troubles: troublesOf(received, true),
      notes: [
        ...(quiet ? [] : ['telemetry still came at the end']),
        ...droppedOf(received),
        ...recorder.losses,
        ...(page?.notes ?? []),
        ...(received.strangerRequests > 0
          ? [`${counted(received.strangerRequests, 'request')} without the token: not taken`]
          : []),
      ],
    };
    terminal.out(serveText(result));
    await file?.write(serveJson(result));
    return result.troubles.length > 0 ? exitCode.trouble : exitCode.pass;
  } finally {
    for (const stop of stops) stop();
    ending.end();
    await page?.stop();
    await otlp.close();
  }
}

/** Writes what has arrived, where it is more than at the last time. */
function progress({ terminal }: CommandHost, { store }: OtlpReceiver, recorder: SeriesRecorder): () => void {
  let last = '';
  return () => {
    const { received } = store;
    const spans = received.spans + received.droppedSpans;
    const parts = [
      counted(spans, 'span'),
      counted(recorder.size, 'stream'),
      counted(received.logRecords, 'log record'),
    ];
    const line = `benchlab-probe: ${parts.join(', ')}\n`;
    if (line !== last && received.requests + recorder.size > 0) terminal.err(line);
    last = line;
  };
}

/** Calls `task` again and again. The returned function ends it. */
function every(clock: Clock, ms: number, task: () => void): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = clock.at(clock.nowNs() + ms * 1e6, () => {
      task();
      next();
    });
  };
  next();
  return () => cancel();
}
