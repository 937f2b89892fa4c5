import type { ReceivedSpan } from '../signals/decodeSpans.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the environment of a program states about its sampler: `OTEL_TRACES_SAMPLER is traceidratio, which keeps 10 % of the
 * traces`. Undefined where all spans are kept, which is the default.
 *
 * The names are those of the OpenTelemetry specification, "General SDK Configuration". A ratio that is not a number from 0
 * to 1 counts as 1, as in the specification.
 */
export function samplerText(environment: Environment): string | undefined {
  const name = environment.OTEL_TRACES_SAMPLER?.trim() ?? '';
  const [, kind = ''] = /^(?:parentbased_)?(.*)$/s.exec(name) ?? [];
  if (kind === '' || kind === 'always_on') return undefined;
  const is = `OTEL_TRACES_SAMPLER is ${name.slice(0, maxName)}, which`;
  if (kind === 'always_off') return `${is} keeps no trace`;
  if (kind !== 'traceidratio') return `${is} may leave traces out`;
  const ratio = ratioOf(environment.OTEL_TRACES_SAMPLER_ARG);
  return ratio >= 1 ? undefined : `${is} keeps ${shareText(ratio)} of the traces`;
}

/** Characters of a name that a message shows. */
const maxName = 40;

function ratioOf(argument: string | undefined): number {
  const given = argument?.trim() ?? '';
  const ratio = given === '' ? Number.NaN : Number(given);
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}

/**
 * The smallest share of traces that spans state they were kept by, 0 to 1: `ot=th:c` in their tracestate is 0.25. Undefined
 * where no span states one below 1.
 *
 * OpenTelemetry specification, "TraceState: Probability Sampling": `th` is the threshold of rejection, up to 14
 * hexadecimal digits with trailing zeros left out, of 2^56.
 */
export function sampledShare(spans: readonly Pick<ReceivedSpan, 'traceState'>[]): number | undefined {
  let least = 1;
  for (const { traceState } of spans) {
    if (traceState === undefined) continue;
    const [, digits] = /(?:^|,)\s*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})(?=[;,\s]|$)/.exec(traceState) ?? [];
    if (digits !== undefined) least = Math.min(least, 1 - Number.parseInt(digits, 16) / 16 ** digits.length);
  }
  return least < 1 ? least : undefined;
}

/** `12.5 %`, with as many digits as a small share needs. */
export function shareText(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
