import type { ObservedPoint } from '../observed.ts';
import type { Stream } from './stream.ts';

/** The streams that are one point: those of OTLP, and the one of the page. */
interface MergedStreams {
  readonly pushed: readonly Stream[];
  readonly scraped?: Stream;
}

type Values = Pick<Stream, 'value' | 'first' | 'readings' | 'growth' | 'sum' | 'exemplars' | 'timeNs'>;

/**
 * The values of a point. Where it came by OTLP and on a page, the larger count stands, because the other is older or has
 * not all processes; of a gauge the newer value.
 */
export function mergedPoint({ pushed, scraped }: MergedStreams, isCount: boolean): Omit<ObservedPoint, 'labels'> {
  const all = [together(pushed), scraped].filter((each) => each !== undefined);
  const [first, ...others] = all;
  const shown = others.reduce<Values | undefined>((best, each) => (best && isBetter(each, best) ? each : best), first);
  if (shown === undefined) return { value: Number.NaN, exemplars: 0 };
  return {
    value: shown.value,
    ...(shown.readings > 1 ? { first: shown.first } : {}),
    ...(isCount && shown.growth !== undefined ? { delta: shown.growth } : {}),
    ...(shown.sum === undefined ? {} : { sum: shown.sum }),
    exemplars: Math.max(...all.map(({ exemplars }) => exemplars)),
  };

  function isBetter(a: Values, b: Values): boolean {
    return isCount ? a.value > b.value : a.timeNs > b.timeNs;
  }
}

function together(streams: readonly Stream[]): Values | undefined {
  const [one] = streams;
  if (one === undefined || streams.length === 1) return one;
  if (!one.isAdditive) return streams.reduce((newest, each) => (each.timeNs > newest.timeNs ? each : newest), one);
  return {
    value: total(streams, 'value') ?? Number.NaN,
    first: total(streams, 'first') ?? Number.NaN,
    readings: Math.max(...streams.map(({ readings }) => readings)),
    growth: total(streams, 'growth'),
    sum: total(streams, 'sum'),
    exemplars: total(streams, 'exemplars') ?? 0,
    timeNs: Math.max(...streams.map(({ timeNs }) => timeNs)),
  };
}

/** Undefined where it is not known of one of them. */
function total(streams: readonly Stream[], field: keyof Values): number | undefined {
  return streams.reduce<number | undefined>((sum, { [field]: value }) => {
    return sum === undefined || value === undefined ? undefined : sum + value;
  }, 0);
}
