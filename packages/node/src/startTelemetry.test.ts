import { metric, type Sample } from '@benchlab-otel/core';
import { boundMetric, counted, inFlight, recordMetric, timed } from '@benchlab-otel/sdk';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { page, receiver, sample, span, telemetryRig } from './start/telemetryRig.suite.ts';

const { start, collector, lines } = telemetryRig();

describe('startTelemetry', () => {
  it('sends spans and metrics to the collector and shows the metrics on its page', async () => {
    const sink = await collector();
    const telemetry = await start({
      serviceName: 'checkout',
      otlp: { endpoint: sink.endpoint, headers: { authorization: 'Bearer token' } },
    });

    span('pay');
    metrics.getMeter('test').createCounter('orders').add(3);
    const text = await page(telemetry);
    const report = await telemetry.shutdown();

    expect(report).toEqual({ droppedSpans: 0, timedOut: false });
    expect(sink.traces[0]?.includes('pay')).toBe(true);
    expect(sink.traces[0]?.includes('checkout')).toBe(true);
    expect(sink.metrics[0]?.includes('orders')).toBe(true);
    expect(sink.headers[0]).toMatchObject({ authorization: 'Bearer token' });
    expect(text).toContain('orders_total 3');
    expect(lines.join('')).not.toContain('Bearer token');
  });

  it('exports spans that have ended when it is flushed', async () => {
    const sink = await collector();
    const telemetry = await start({ otlp: { endpoint: sink.endpoint } });

    span('pay');
    await telemetry.flush();

    expect(sink.traces[0]?.includes('pay')).toBe(true);
  });

  it('makes no spans with the sampler always_off, and cuts attributes at their limit', async () => {
    const sink = await collector();
    const off = await start({ otlp: { endpoint: sink.endpoint }, env: { OTEL_TRACES_SAMPLER: 'always_off' } });
    span('pay');
    await off.shutdown();
    expect(sink.traces).toEqual([]);

    const env = { OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '1', OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '6' };
    const limited = await start({ otlp: { endpoint: sink.endpoint }, env });
    const tracer = trace.getTracer('test');
    tracer.startSpan('pay', { attributes: { first: 'abcdefghi', second: 'xyz' } }).end();
    await limited.shutdown();
    expect(sink.traces[0]?.includes('abcdef')).toBe(true);
    expect(sink.traces[0]?.includes('abcdefg')).toBe(false);
    expect(sink.traces[0]?.includes('second')).toBe(false);
  });

  it('puts the environment on every metric point of both paths and into the resource, only when there is one', async () => {
    const sink = await collector();
    for (const environment of ['offline-7', undefined]) {
      const env = environment === undefined ? {} : { TELEMETRY_ENVIRONMENT: environment };
      const telemetry = await start({ otlp: { endpoint: sink.endpoint }, env, receivers: [receiver()] });
      metrics.getMeter('test').createCounter('orders').add(1);

      const text = await page(telemetry);
      await telemetry.shutdown();

      const label = 'environment="offline-7"';
      expect(/^orders_total\{.*\} 1$/m.exec(text)?.[0].includes(label) ?? false).toBe(environment !== undefined);
      expect(/^benchlab_receiver_polls_total\{.*\} 1$/m.exec(text)?.[0].includes(label)).toBe(
        environment !== undefined,
      );
      const sent = sink.metrics.at(-1)?.toString('latin1') ?? '';
      // It is on the resource and on every point: of the counter and of the receiver.
      const times = sent.split('offline-7').length - 1;
      if (environment === undefined) expect(times).toBe(0);
      else expect(times).toBeGreaterThanOrEqual(3);
      expect(sent.includes('deployment.environment.name')).toBe(environment !== undefined);
    }
  });

  it('keeps async context and propagates it as W3C trace context', async () => {
    await start();

    await trace.getTracer('test').startActiveSpan('outer', async (outer) => {
      await new Promise((resolve) => setImmediate(resolve));
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      const { traceId, spanId } = outer.spanContext();
      expect(carrier.traceparent).toBe(`00-${traceId}-${spanId}-01`);
      outer.end();
    });
  });

  it('feeds its receivers to the metrics and to further consumers', async () => {
    const got: Sample[] = [];
    const one = receiver();

    const telemetry = await start({
      receivers: [one],
      consumers: [{ sample: (each) => void got.push(each), lost: () => {} }],
    });

    expect(got).toEqual([sample]);
    expect(await page(telemetry)).toContain('benchlab_receiver_polls_total');
    await telemetry.shutdown();
    expect(one.calls).toEqual(['start', 'stop']);
  });

  it('runs enrichers over spans and resource', async () => {
    const sink = await collector();
    const enricher = {
      name: 'test',
      resource: () => ({ bench: 'rig-07' }),
      spanEnded: async () => ({ joules: 'many' }),
    };
    const telemetry = await start({ otlp: { endpoint: sink.endpoint }, enrichers: [enricher] });

    span('pay');
    await telemetry.shutdown();

    for (const part of ['bench', 'rig-07', 'joules', 'many']) expect(sink.traces[0]?.includes(part)).toBe(true);
  });

  it('shows calls and recorded metrics at each scrape, sends them when it ends, and the next telemetry begins at 0', async () => {
    let finish = () => {};
    const payment = () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      });
    const work = timed('pay.duration', inFlight('pay.busy', counted('pays', payment)));
    const orders = boundMetric({ ...metric.benchlabCalls, name: 'orders', attributes: ['tier'] }, { tier: 'gold' });
    const run = () => {
      orders(2);
      recordMetric({ ...metric.benchlabCalls, name: 'orders', attributes: ['tier'] }, 1, { tier: 'gold' });
      return work();
    };
    const sink = await collector();
    for (let life = 0; life < 2; life++) {
      const telemetry = await start({ otlp: { endpoint: sink.endpoint } });
      for (const calls of [1, 2]) {
        const running = run();
        expect(await page(telemetry)).toMatch(/^pay_busy\{\S+ 1$/m);
        finish();
        await running;
        const text = await page(telemetry);
        expect(text).toMatch(/^pay_busy\{\S+ 0$/m);
        expect(text).toMatch(new RegExp(`^pays_total\\{\\S+ ${calls}$`, 'm'));
        expect(text).toMatch(new RegExp(`^pay_duration_seconds_count\\{\\S+ ${calls}$`, 'm'));
        expect(text).toMatch(new RegExp(`^orders_total\\{tier="gold"\\} ${3 * calls}$`, 'm'));
      }
      await telemetry.shutdown();
    }
    const names = ['pay.duration', 'pay.busy', 'pays', 'orders'];
    expect(sink.metrics.map((sent) => names.every((name) => sent.includes(name)))).toEqual([true, true]);
  });
});
