import { OptionError } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { collectedProducer } from './collect/collectedProducer.ts';
import { resolveConfig } from './config/config.ts';
import { EnricherChain } from './enrich/enricherChain.ts';
import { EnricherRegistry } from './enrich/enricherRegistry.ts';
import { openEventStream } from './events/eventOutput.ts';
import { spanProcessor } from './trace/spanProcessor.ts';

// As plain JavaScript calls them.
const untyped = (fn: (...args: never[]) => unknown) => fn as (...args: unknown[]) => unknown;
const start = untyped(resolveConfig);

it.each<[string, () => unknown, string]>([
  ['startTelemetry(null)', () => start(null), 'configuration of startTelemetry is'],
  ["startTelemetry('shop')", () => start('shop'), 'configuration of startTelemetry is'],
  [
    'otlp: a text',
    () => start({ otlp: 'http://x' }),
    'configuration of otlp is not allowed. It must be an object with its',
  ],
  ['otlp: true', () => start({ otlp: true }), 'configuration of otlp is'],
  ['metricsPage: true', () => start({ metricsPage: true }), 'configuration of metricsPage is'],
  ['metricsPage: a text', () => start({ metricsPage: 'x' }), 'configuration of metricsPage is'],
  ['log: a text', () => start({ log: 'info' }), 'configuration of log is'],
  ['resourceAttributes: a text', () => start({ resourceAttributes: 'a=b' }), 'resourceAttributes is'],
  ['env: a text', () => start({ env: 'x' }), 'env is'],
  ['clock: {}', () => start({ clock: {} }), 'clock is an object. It must be an object with the methods nowNs()'],
  ['enrichers: {}', () => new EnricherChain({} as never), 'enrichers is an object. It must be a list'],
  ['enrichers: [{}]', () => new EnricherChain([{} as never]), 'enrichers[0] is an object'],
  ['enrichers: [null]', () => new EnricherChain([null as never]), 'enrichers[0] is null'],
  ['enrichers: [fn]', () => new EnricherChain([(() => {}) as never]), 'enrichers[0] is a function'],
  [
    'new EnricherRegistry({ signal })',
    () => new EnricherRegistry({ signal: [] } as never),
    'the nearest option is signals',
  ],
  ['spanProcessor()', () => untyped(spanProcessor)(), 'exporter is undefined. It must be there'],
  ['spanProcessor({ exporter: {} })', () => untyped(spanProcessor)({ exporter: {} }), 'with the method export()'],
  ['spanProcessor({ processor: {} })', () => untyped(spanProcessor)({ processor: {} }), 'with the method onEnd()'],
  ['sampleProducer({})', () => untyped(collectedProducer)({}), 'collected of sampleProducer is an object'],
])('%s is refused with what it must be', (_call, use, message) => {
  expect(use).toThrow(OptionError);
  expect(use).toThrow(message);
});

it.each([
  [undefined, 'component is undefined'],
  [{ compnent: 'a' }, 'the nearest option is component'],
])('openEventStream(file, %o) is refused with what it must be', async (options, message) => {
  await expect(untyped(openEventStream)('/dev/null', options)).rejects.toThrow(message);
});
