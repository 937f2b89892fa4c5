import { counted, type Observed, SeriesRecorder, spanLoss, summariseOperations } from '@benchlab-otel/analysis';
import type { Clock } from '@benchlab-otel/core';
import type { CommandEvents } from '../events/commandEvents.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../otlp/otlpReceiver.ts';
import { sendersTo } from '../otlp/senders.ts';
import { expectedFile } from '../presence/expectedFile.ts';
import { fileAnswers } from '../presence/fileAnswers.ts';
import { lostOf } from '../presence/lostOf.ts';
import { RunView } from '../presence/runView.ts';
import { saveTelemetry } from '../presence/saveTelemetry.ts';
import { exitCodeOfAnswers } from '../report/result.ts';
import { droppedOf } from '../run/notes.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import { waitForQuiet } from '../run/quiet.ts';
import { emitAnswers } from '../run/runEvents.ts';
import { lossesOfProgram, quietTimeoutMs, troublesOf } from '../run/troubles.ts';
import { watchPage } from './pageWatch.ts';
import { checkScrapeUrl, type ServeOptions, serveAddress } from './serveOptions.ts';
import { type ServeResult, serveJson, serveText } from './serveReport.ts';

/** What was on its way when the end came is taken, for this time, ms. */
const quietMs = 150;
/** Between two lines of progress, ms. */
const progressMs = { terminal: 1_000, other: 10_000 };

/**
 * Receives OTLP until a signal or the end of the time, and judges then what arrived. Not before: a limit that holds can be
 * exceeded by what still comes.
 */
export async function runServe(
  host: CommandHost,
  options: ServeOptions,
  events: Pick<CommandEvents, 'emit'>,
): Promise<number> {
  const { terminal, clock } = host;
  const { token, ...listen } = await serveAddress(options);
  if (options.scrape !== undefined) checkScrapeUrl(options.scrape);
  const expected = await expectedFile(options.expect);
  const file = options.json === undefined ? undefined : await prepareOutputFile(options.json, '--json');
  const save = options.save === undefined ? undefined : await prepareOutputFile(options.save, '--save');
  const view = new RunView(expected?.expectations);
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
      : watchPage({ url: options.scrape, clock, recorder, isSatisfied: () => view.satisfied(observed()) });
  const stops = [
    every(clock, terminal.redraws ? progressMs.terminal : progressMs.other, progress(host, otlp, recorder)),
  ];
  try {
    await Promise.all([file?.clear(), save?.clear()]);
    terminal.err(`benchlab-probe: OTLP is received at ${otlp.endpoint} (gRPC and HTTP)\n`);
    await ending.ended;
    const durationSeconds = (clock.nowNs() - startedNs) * 1e-9;
    await page?.stop();
    const lastActivityNs = () => otlp.lastActivityNs;
    const quiet = await waitForQuiet({ clock, lastActivityNs, quietMs, timeoutMs: quietTimeoutMs });
    const { received, spans, metricPoints } = otlp.store;
    const shown = observed();
    const operations = summariseOperations(spans);
    // A counter that was there before counts what was lost before, too.
    const sinceStart = metricPoints.filter(({ startNs }) => startNs !== undefined && startNs >= startedNs);
    const loss = spanLoss({ spans, metricPoints: sinceStart, received, environment: {} });
    const lost = lostOf({ received, loss, observed: withGrowth(shown) });
    const unsaved = save === undefined ? [] : await saveTelemetry(save, { observed: shown, startedAt, lost }, terminal);
    const answers =
      expected &&
      fileAnswers(expected, shown, lost, {
        operations,
        missingSpans: received.droppedSpans + received.invalidSpans,
        refusedRequests: received.refusedSpanRequests,
        loss,
        runSeconds: durationSeconds,
        metered: false,
      });
    const result: ServeResult = {
      startedAt,
      durationSeconds,
      received,
      operations,
      series: shown.series,
      verdicts: answers?.verdicts ?? [],
      judgements: answers?.judgements ?? [],
      troubles: [...troublesOf(received, true), ...lossesOfProgram(loss, withGrowth(shown)), ...unsaved],
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
    emitAnswers(events.emit, result);
    return exitCodeOfAnswers(result);
  } finally {
    for (const stop of stops) stop();
    ending.end();
    await page?.stop();
    await otlp.close();
  }
}

/** Without points of which it is not known how much they grew. */
function withGrowth({ series, ...others }: Observed): Observed {
  const grown = series.map(({ points, ...family }) => ({
    ...family,
    points: points.filter(({ delta }) => delta !== undefined),
  }));
  return { ...others, series: grown };
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
