import type { Judgement } from '../judgement.ts';
import { type Answer, judgementOf } from './answer.ts';
import type { Expectations } from './expectations.ts';
import { logAnswer } from './logAnswer.ts';
import type { Observed } from './observed.ts';
import { seriesAnswer } from './seriesAnswer.ts';
import { spanAnswer } from './spanAnswer.ts';
import { SpanTree } from './spanTree.ts';

/** What of each signal is not there to be judged, as a clause: `lost: 7 spans`. */
export interface Lost {
  readonly series?: string;
  readonly spans?: string;
  readonly logs?: string;
}

/**
 * Holds what a run showed against what was expected of it: one judgement for each expectation, in their order. Absent never
 * passes. Where nothing of a signal arrived at all, its expectations are inconclusive: then the set-up is in doubt, and not
 * one span or series. What was lost makes a judgement inconclusive where it could change it.
 */
export function judgeExpectations(
  { series, spans, logs }: Expectations,
  observed: Observed,
  lost: Lost = {},
): readonly Judgement[] {
  const tree = new SpanTree(observed.spans);
  // A parent, a provenance or a place within a span is a question about spans, too.
  const lostLogs = [lost.logs, lost.spans].filter((text) => text !== undefined).join(', ') || undefined;
  return [
    ...series.map((each) => judged(seriesAnswer(each, observed.series), 'series', observed, lost.series)),
    ...spans.map((each) => judged(spanAnswer(each, observed.spans, tree), 'spans', observed, lost.spans)),
    ...logs.map((each) => judged(logAnswer(each, observed.logs, tree), 'logs', observed, lostLogs)),
  ];
}

const signalNames: Readonly<Record<keyof Observed, string>> = {
  series: 'series',
  spans: 'span',
  logs: 'log record',
};

const hints: Readonly<Record<keyof Observed, string>> = {
  series: 'check that metrics are exported (OTEL_METRICS_EXPORTER) and flushed before the program ends',
  spans:
    'check that spans are exported (OTEL_TRACES_EXPORTER, OTEL_TRACES_SAMPLER) and flushed before the program ends',
  logs: 'check that log records are exported (OTEL_LOGS_EXPORTER) and flushed before the program ends',
};

function judged(answer: Answer, signal: keyof Observed, observed: Observed, lost: string | undefined): Judgement {
  if (observed[signal].length > 0) return judgementOf(answer, lost);
  const others = (Object.keys(signalNames) as (keyof Observed)[]).filter((each) => observed[each].length > 0);
  const nothing =
    others.length === 0
      ? 'no telemetry arrived at all'
      : `no ${signalNames[signal]} arrived at all, other telemetry did`;
  const { name, limit, observed: found, n } = answer;
  const reason = [nothing, ...(lost === undefined ? [] : [lost]), hints[signal]].join('; ');
  const missing = lost === undefined ? {} : { telemetryIsMissing: true as const };
  return { kind: 'presence', name, outcome: 'inconclusive', observed: found, limit, n, ...missing, reason };
}
