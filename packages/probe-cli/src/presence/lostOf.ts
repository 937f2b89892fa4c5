import { counted, type Lost, type Received, type SpanLoss } from '@benchlab-otel/analysis';

/** What of each signal was sent and is not there to be judged. */
export function lostOf(received: Received, { unsentSpans = 0 }: Pick<SpanLoss, 'unsentSpans'> = {}): Lost {
  const refused = counted(received.refusedRequests, 'refused request');
  const requests = received.refusedRequests === 0 ? [] : [`what was in ${refused}`];
  const spans = [
    ...parts(received.droppedSpans + received.invalidSpans, 'span'),
    ...(received.refusedSpanRequests === 0 ? [] : requests),
    ...(unsentSpans === 0 ? [] : [`up to ${counted(unsentSpans, 'span')} at process.exit()`]),
  ];
  const series = [...parts(received.droppedMetricPoints + received.invalidMetricPoints, 'data point'), ...requests];
  const logs = [...parts(received.droppedLogRecords, 'log record'), ...requests];
  return {
    ...(spans.length === 0 ? {} : { spans: lost(spans) }),
    ...(series.length === 0 ? {} : { series: lost(series) }),
    ...(logs.length === 0 ? {} : { logs: lost(logs) }),
  };
}

function parts(count: number, noun: string): readonly string[] {
  return count === 0 ? [] : [counted(count, noun)];
}

function lost(texts: readonly string[]): string {
  return `lost: ${texts.join(' and ')}`;
}
