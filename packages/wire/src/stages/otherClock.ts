/** An instant of another clock on CLOCK_MONOTONIC, ns. */
export interface TranslatedTime {
  readonly timeNs: number;
  /** The greatest error of the translation, ns. */
  readonly uncertaintyNs: number;
}

/** Translates times of another clock into CLOCK_MONOTONIC, ns; the reason for a time that is not one of that clock. */
export type TimeTranslation = (timeNs: number) => TranslatedTime | { readonly reason: string };

/** The translation of CLOCK_MONOTONIC. From 2^53 on a number is not exact, and is the time of day. */
export function monotonicTime(timeNs: number): ReturnType<TimeTranslation> {
  if (timeNs <= Number.MAX_SAFE_INTEGER) return { timeNs, uncertaintyNs: 0 };
  return { reason: 'is the time of day, not CLOCK_MONOTONIC' };
}
