import { OptionError } from '@benchlab-otel/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { spanProcessor } from './spanProcessor.ts';

const joules = { name: 'joules', spanEnded: () => ({ joules: 7 }) };

describe('the span processor for an SDK of one’s own', () => {
  it('enriches spans and exports them', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({ spanProcessors: [spanProcessor({ enrichers: [joules], exporter })] });
    provider.getTracer('own').startSpan('pay').end();
    await provider.forceFlush();
    const spans = exporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes]);
    expect(spans).toEqual([['pay', { joules: 7 }]]);
    await provider.shutdown();
  });

  it('passes them to the processor that the application has', async () => {
    const exporter = new InMemorySpanExporter();
    const processor = new SimpleSpanProcessor({ exporter });
    const provider = new TracerProvider({ spanProcessors: [spanProcessor({ enrichers: [joules], processor })] });
    provider.getTracer('own').startSpan('pay').end();
    await provider.forceFlush();
    expect(exporter.getFinishedSpans()[0]?.attributes).toEqual({ joules: 7 });
    await provider.shutdown();
  });

  it('needs either an exporter or a processor', () => {
    const exporter = new InMemorySpanExporter();
    for (const options of [{}, { exporter, processor: new SimpleSpanProcessor({ exporter }) }]) {
      expect(() => spanProcessor(options)).toThrow(OptionError);
    }
  });
});
