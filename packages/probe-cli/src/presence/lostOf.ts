import { counted, type Lost, lossOf, type Observed, type Received, type SpanLoss } from '@benchlab-otel/analysis';

/** By what a loss is known. */
export interface LossSources {
  readonly received: Received;
  /** What the program states of its spans. */
  readonly loss?: SpanLoss | undefined;
  /** Series with what the program states of its metrics and log records. */
  readonly observed: Pick<Observed, 'series'>;
}

/** What of each signal is not there to be judged: refused or dropped here, lost or left out by the program. */
export function lostOf({ received, loss, observed }: LossSources): Lost {
  const refused = counted(received.refusedRequests, 'refused request');
  const requests = received.refusedRequests === 0 ? [] : [`what was in ${refused}`];
  const spans = [
    ...parts(received.droppedSpans + received.invalidSpans, 'span'),
    ...(received.refusedSpanRequests === 0 ? [] : requests),
    ...(loss === undefined ? [] : spansOfProgram(loss)),
  ];
  const series = [
    ...parts(received.droppedMetricPoints + received.invalidMetricPoints, 'data point'),
    ...requests,
    ...itemsOfProgram(observed, 'data points'),
  ];
  const logs = [
    ...parts(received.droppedLogRecords, 'log record'),
    ...requests,
    ...itemsOfProgram(observed, 'log records'),
  ];
  return {
    ...named('spans', [
      ...lost(spans),
      ...(loss?.sampling === undefined ? [] : [`counts are of a part: ${loss.sampling}`]),
    ]),
    ...named('series', lost(series)),
    ...named('logs', lost(logs)),
  };
}

function spansOfProgram({ lostSpans, isComplete, causes, unsentSpans = 0 }: SpanLoss): readonly string[] {
  const atLeast = isComplete ? '' : 'at least ';
  return [
    ...(lostSpans === 0 ? [] : [`${atLeast}${counted(lostSpans, 'span')} of the program (${causes.join(', ')})`]),
    ...(unsentSpans === 0 ? [] : [`up to ${counted(unsentSpans, 'span')} at process.exit()`]),
  ];
}

function itemsOfProgram(observed: LossSources['observed'], signal: 'data points' | 'log records'): readonly string[] {
  return lossOf(observed)
    .filter((each) => each.signal === signal)
    .map(({ dropped, reason }) => `${dropped} ${signal} of the program (${reason})`);
}

function parts(count: number, noun: string): readonly string[] {
  return count === 0 ? [] : [counted(count, noun)];
}

function lost(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [] : [`lost: ${texts.join(' and ')}`];
}

function named(signal: keyof Lost, texts: readonly string[]): Lost {
  return texts.length === 0 ? {} : { [signal]: texts.join('; ') };
}
