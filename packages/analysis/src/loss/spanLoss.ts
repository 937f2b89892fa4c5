import { cutText } from '../signals/cutText.ts';
import type { ReceivedMetricPoint } from '../signals/decodeMetrics.ts';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';
import type { Received } from '../signals/received.ts';
import { counted } from '../text/quantity.ts';
import { type Environment, sampledShare, samplerText, shareText } from './sampling.ts';
import { resourceKeys, type SdkCounts, sdkCounts } from './sdkCounts.ts';

/** What a program itself states of its spans that did not arrive: lost, or left out by a sampler. */
export interface SpanLoss {
  /** Spans that ended in the program and did not arrive: the least number, and the exact one where `isComplete`. */
  readonly lostSpans: number;
  /** The program counted them after its last span: no more than these can be missing. */
  readonly isComplete: boolean;
  /** How the spans were lost, one phrase each: `40 with error.type queue_full`. */
  readonly causes: readonly string[];
  /** Why spans are of a part of the traces only. Undefined where nothing shows that. */
  readonly sampling?: string;
  /** Spans that a collector acknowledged, as the program counts them. Undefined where it does not count. */
  readonly acknowledged?: number;
  /**
   * Spans that had no acknowledgement when their process ended at once (`process.exit()`, an uncaught error): the most that it lost so,
   * because an answer may have been on its way. Spans that the program counts as lost may be among them. Undefined for 0.
   */
  readonly unsentSpans?: number;
}

export interface SpanLossInput {
  readonly spans: readonly ReceivedSpan[];
  readonly metricPoints: readonly ReceivedMetricPoint[];
  readonly received: Pick<Received, 'spans' | 'droppedSpans' | 'invalidSpans' | 'droppedMetricPoints'>;
  /** The environment of the program. */
  readonly environment: Environment;
  /** What the processes that ended at once wrote, added up. */
  readonly unsentSpans?: number;
}

/** Finds out what is missing from the spans of a run, from the program's own metrics, its environment and its spans. */
export function spanLoss({ spans, metricPoints, received, environment, unsentSpans = 0 }: SpanLossInput): SpanLoss {
  const counts = sdkCounts(metricPoints);
  const arrived = received.spans + received.droppedSpans + received.invalidSpans;
  const absent = Math.max(0, Math.max(counts.ended ?? 0, counts.acknowledged ?? 0) - arrived);
  const sampling = samplingOf(spans, counts, environment);
  return {
    lostSpans: Math.max(counts.lost, absent),
    // Points that count since the one before may be among the dropped ones.
    isComplete: received.droppedMetricPoints === 0 && isCountedToTheEnd(counts, spans),
    causes: causesOf(counts, absent),
    ...(sampling === undefined ? {} : { sampling }),
    ...(counts.acknowledged === undefined ? {} : { acknowledged: counts.acknowledged }),
    ...(unsentSpans === 0 ? {} : { unsentSpans }),
  };
}

/** Every program that counts has counted after its last span. */
function isCountedToTheEnd({ timesNs }: SdkCounts, spans: readonly ReceivedSpan[]): boolean {
  const keyOf = resourceKeys();
  const lastEndsNs = new Map<string, number>();
  for (const { resource, endNs } of spans) {
    const key = keyOf(resource);
    lastEndsNs.set(key, Math.max(lastEndsNs.get(key) ?? 0, endNs));
  }
  return timesNs.size > 0 && [...timesNs].every(([key, timeNs]) => timeNs >= (lastEndsNs.get(key) ?? 0));
}

/** Causes that a message lists, and characters of each: they come from the program. */
const [maxCauses, maxErrorType] = [5, 60];

function causesOf({ lostBy, lost }: SdkCounts, absent: number): readonly string[] {
  const sorted = [...lostBy].sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, maxCauses);
  const rest = sorted.slice(maxCauses).reduce((sum, [, count]) => sum + count, 0);
  const further = absent - lost;
  return [
    ...shown.map(([error, count]) => `${count} with error.type ${cutText(error, maxErrorType)}`),
    ...(rest > 0 ? [`${rest} with another error.type`] : []),
    ...(further > 0 ? [`${further} that its SDK counted and that did not arrive`] : []),
  ];
}

/** `9 of 10 spans`: in one phrase, from the surest source. */
function samplingOf(
  spans: readonly ReceivedSpan[],
  { notSampled }: SdkCounts,
  environment: Environment,
): string | undefined {
  if (notSampled > 0) return `a sampler left out ${counted(notSampled, 'span')} of the program`;
  const share = sampledShare(spans);
  if (share !== undefined) return `spans state in their tracestate that ${shareText(share)} of the traces were kept`;
  return samplerText(environment);
}

/** What a verdict needs to know of a loss. */
export type LossFigures = Pick<SpanLoss, 'lostSpans' | 'isComplete' | 'causes' | 'unsentSpans'>;

/** `the program lost 850 spans: 850 with error.type queue_full`. Undefined where nothing shows a loss. */
export function lossText({ lostSpans, isComplete, causes, unsentSpans = 0 }: LossFigures): string | undefined {
  const atLeast = isComplete ? '' : 'at least ';
  const texts = [
    ...(lostSpans === 0 ? [] : [`the program lost ${atLeast}${counted(lostSpans, 'span')}: ${causes.join(', ')}`]),
    ...(unsentSpans === 0 ? [] : [unsentText(unsentSpans)]),
  ];
  return texts.length === 0 ? undefined : texts.join('; ');
}

function unsentText(spans: number): string {
  const were = `${counted(spans, 'span')} ${spans === 1 ? 'was' : 'were'}`;
  return `${were} not acknowledged when the program ended at once, as by process.exit(): await shutdown() of its telemetry before`;
}
