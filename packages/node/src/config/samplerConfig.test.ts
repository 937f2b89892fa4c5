import { createHash } from 'node:crypto';
import { context, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { samplerOf } from '../trace/samplerOf.ts';
import { samplerConfig } from './samplerConfig.ts';
import { spanLimits } from './spanLimits.ts';

/** Share of 400 traces that are made, below a parent that is sampled, or not, or without one. */
function share(env: Record<string, string>, parent?: TraceFlags): number {
  const sampler = samplerOf(samplerConfig(env).sampler);
  let made = 0;
  for (let k = 0; k < 400; k++) {
    const traceId = createHash('sha256').update(String(k)).digest('hex').slice(0, 32);
    const above =
      parent === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: '1'.repeat(16), traceFlags: parent });
    const { decision } = sampler.shouldSample(above, traceId, 'x', SpanKind.INTERNAL, {}, []);
    if (decision === SamplingDecision.RECORD_AND_SAMPLED) made++;
  }
  expect(context.active()).toBe(ROOT_CONTEXT);
  return made / 400;
}

describe('OTEL_TRACES_SAMPLER', () => {
  const { SAMPLED, NONE } = TraceFlags;
  it.each([
    ['', [1, 1, 0]],
    ['always_on', [1, 1, 1]],
    ['always_off', [0, 0, 0]],
    ['parentbased_always_on', [1, 1, 0]],
    ['PARENTBASED_ALWAYS_OFF', [0, 1, 0]],
    ['traceidratio', [1, 1, 1]],
    ['parentbased_traceidratio', [1, 1, 0]],
  ])(
    '%j makes these shares of traces without a parent, and below one that is sampled and one that is not',
    (name, shares) => {
      const env = { OTEL_TRACES_SAMPLER: name };

      expect([share(env), share(env, SAMPLED), share(env, NONE)]).toEqual(shares);
      expect(samplerConfig(env).warnings).toEqual([]);
    },
  );

  it.each([
    ['0', 0],
    ['0.25', 0.25],
    ['1', 1],
  ])('makes the share of OTEL_TRACES_SAMPLER_ARG=%s', (arg, expected) => {
    expect(share({ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: arg })).toBeCloseTo(expected, 1);
  });

  it.each([
    ['allways_on', undefined, /OTEL_TRACES_SAMPLER is "allways_on", which has no effect.*Did you mean always_on\?/],
    ['jaeger_remote', undefined, /OTEL_TRACES_SAMPLER is "jaeger_remote", which has no effect: all traces are made/],
    ['traceidratio', '5', /OTEL_TRACES_SAMPLER_ARG is "5", which has no effect.*from 0 to 1/],
    ['traceidratio', 'half', /OTEL_TRACES_SAMPLER_ARG is "half"/],
    ['traceidratio', '-0.1', /OTEL_TRACES_SAMPLER_ARG/],
  ])('with the value %s and the argument %s has no effect, and a warning names the variable', (name, arg, warning) => {
    const env = { OTEL_TRACES_SAMPLER: name, ...(arg === undefined ? {} : { OTEL_TRACES_SAMPLER_ARG: arg }) };

    expect(share(env)).toBe(1);
    expect(samplerConfig(env).warnings.join()).toMatch(warning);
  });
});

describe('limits of spans', () => {
  it('come from the variables of the specification, those of spans before the general ones', () => {
    const env = {
      OTEL_ATTRIBUTE_COUNT_LIMIT: '9',
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '3',
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '20',
      OTEL_SPAN_EVENT_COUNT_LIMIT: '4',
      OTEL_SPAN_LINK_COUNT_LIMIT: '5',
      OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '6',
      OTEL_SPAN_ATTRIBUTE_PER_LINK_COUNT_LIMIT: '7',
    };

    expect(spanLimits(env)).toEqual({
      limits: {
        attributeCountLimit: 3,
        attributeValueLengthLimit: 20,
        eventCountLimit: 4,
        linkCountLimit: 5,
        attributePerEventCountLimit: 6,
        attributePerLinkCountLimit: 7,
      },
      warnings: [],
    });
    expect(spanLimits({})).toEqual({ limits: {}, warnings: [] });
  });

  it.each(['many', '-1', '1.5', '9'.repeat(20)])('of %s have no effect, and a warning names the variable', (value) => {
    const { limits, warnings } = spanLimits({ OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: value });

    expect(limits).toEqual({});
    expect(warnings.join()).toMatch(/^OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT is .*, which has no effect/);
  });
});
