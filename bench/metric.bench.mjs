// What it costs to count and time a call: by decorator, and by hand with OpenTelemetry and with prom-client; and what
// one recorded value costs in either library. By hand it is the stock SDK; ours are measured on it and, in the tables
// marked so, with the meters of startTelemetry().

import { spawnSync } from 'node:child_process';
import { startTelemetry } from '@benchlab-otel/node';
import { boundMetric, Counted, InFlight, Observed, recordMetric, Timed } from '@benchlab-otel/sdk';
import { metrics, trace } from '@opentelemetry/api';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import prom from 'prom-client';
import { bytesPerCall, flags } from './bytes.mjs';
import { asyncLoop, interleave, loop } from './interleave.mjs';
import { report } from './report.mjs';
import 'reflect-metadata';

const [, script, kind, sdk] = process.argv;
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

if (kind === undefined) {
  for (const each of ['record', 'sync', 'async']) {
    for (const sdk of ['stock SDK', 'startTelemetry()']) {
      spawnSync(process.execPath, [script, each, sdk], { stdio: 'inherit' });
      spawnSync(process.execPath, [...flags, script, each, sdk], { stdio: 'inherit' });
    }
  }
} else {
  await measure();
}

async function measure() {
  class Reader extends MetricReader {
    async onShutdown() {}
    async onForceFlush() {}
  }
  const stock = new MeterProvider({ readers: [new Reader()] });
  if (sdk === 'stock SDK') metrics.setGlobalMeterProvider(stock);
  else await startTelemetry({ otlp: false, metricsPage: false });
  trace.disable(); // spans are the matter of span.bench.mjs
  const { variants, base } = kind === 'record' ? records(stock) : await decorators(stock);
  if (globalThis.gc === undefined) {
    const what = kind === 'record' ? 'one value, 2 attributes' : `one ${kind} call`;
    report(`metric, ${sdk}, ${what}`, await interleave(variants, base), 'ratio of p10');
  } else {
    const bytes = {};
    for (const [name, run] of Object.entries(variants)) bytes[name] = await bytesPerCall(run);
    console.log('bytes a call:', bytes);
  }
}

function records(stock) {
  const meter = stock.getMeter('bench');
  const counter = meter.createCounter('records');
  const histogram = meter.createHistogram('values', { advice: { explicitBucketBoundaries: bounds } });
  const labelNames = ['stage', 'ok'];
  const promCounter = new prom.Counter({ name: 'records', help: 'x', labelNames });
  const promHistogram = new prom.Histogram({ name: 'values', help: 'x', labelNames, buckets: bounds });
  const attributes = { stage: 'ingress', ok: 'true' };
  const ours = (name, instrument) => ({
    name,
    unit: '1',
    instrument,
    description: '',
    attributes: labelNames,
    buckets: bounds,
  });
  const [ourCounter, ourHistogram] = [ours('our.records', 'counter'), ours('our.values', 'histogram')];
  const [boundCounter, boundHistogram] = [boundMetric(ourCounter, attributes), boundMetric(ourHistogram, attributes)];
  return {
    base: 'OpenTelemetry counter',
    variants: {
      'OpenTelemetry counter': loop(() => counter.add(1, attributes)),
      'OpenTelemetry histogram': loop((i) => histogram.record((i % 997) / 100, attributes)),
      'recordMetric, counter': loop(() => recordMetric(ourCounter, 1, attributes)),
      'boundMetric, counter': loop(() => boundCounter(1)),
      'boundMetric, histogram': loop((i) => boundHistogram((i % 997) / 100)),
      'prom-client counter': loop(() => promCounter.inc(attributes)),
      'prom-client histogram': loop((i) => promHistogram.observe(attributes, (i % 997) / 100)),
    },
  };
}

async function decorators(stock) {
  const { OtelMethodCounter } = await import('nestjs-otel');
  const workers = {
    bare: new (work())(),
    'by hand': decorated(byHand(openTelemetryTimer(stock))),
    'by hand, prom-client': decorated(byHand(promClientTimer())),
    '@Counted': decorated(Counted),
    '@Timed': decorated(Timed),
    '@InFlight': decorated(InFlight),
    '@Observed, no tracer': decorated(Observed),
    'nestjs-otel @OtelMethodCounter': decorated(OtelMethodCounter()),
  };
  const toLoop = kind === 'async' ? asyncLoop : loop;
  const variants = Object.fromEntries(
    Object.entries(workers).map(([name, worker]) => [name, toLoop((x) => worker.run(x))]),
  );
  return { variants, base: 'by hand' };
}

/** A class a variant, so that they share no type feedback. */
function work() {
  if (kind === 'async') {
    return class Work {
      async run(x) {
        return (x * 3 + 1) | 0;
      }
    };
  }
  return class Work {
    run(x) {
      return (x * 3 + 1) | 0;
    }
  };
}

function decorated(decorator) {
  const Work = work();
  const property = Object.getOwnPropertyDescriptor(Work.prototype, 'run');
  Object.defineProperty(Work.prototype, 'run', decorator(Work.prototype, 'run', property) ?? property);
  return new Work();
}

/** Starts a timer; what it returns counts and times the call. */
function openTelemetryTimer(stock) {
  const meter = stock.getMeter('bench');
  const counter = meter.createCounter('calls');
  const histogram = meter.createHistogram('duration', { unit: 's', advice: { explicitBucketBoundaries: bounds } });
  return () => {
    const started = performance.now();
    return (ok) => {
      const attributes = { method: 'Work.run', ok };
      counter.add(1, attributes);
      histogram.record((performance.now() - started) / 1000, attributes);
    };
  };
}

function promClientTimer() {
  const histogram = new prom.Histogram({
    name: 'duration',
    help: 'x',
    labelNames: ['method', 'ok'],
    buckets: bounds,
  });
  return () => {
    const stop = histogram.startTimer({ method: 'Work.run' });
    return (ok) => stop({ ok: `${ok}` });
  };
}

function byHand(start) {
  return (_target, _key, { value: run, ...property }) => ({
    ...property,
    value:
      kind === 'async'
        ? async function (x) {
            const stop = start();
            let ok = true;
            try {
              return await run.call(this, x);
            } catch (error) {
              ok = false;
              throw error;
            } finally {
              stop(ok);
            }
          }
        : function (x) {
            const stop = start();
            let ok = true;
            try {
              return run.call(this, x);
            } catch (error) {
              ok = false;
              throw error;
            } finally {
              stop(ok);
            }
          },
  });
}
