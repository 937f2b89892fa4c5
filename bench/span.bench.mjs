// What a span costs by hand, with ours and with other libraries' decorators: without an SDK, recording and unsampled.
// The SDK's own ids are the base; the states marked "sliced ids" have those that startTelemetry() registers.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { SlicedIds } from '@benchlab-otel/node';
import { Span } from '@benchlab-otel/sdk';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { AlwaysOffSampler, AlwaysOnSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { bytesPerCall, flags } from './bytes.mjs';
import { asyncLoop, interleave, loop } from './interleave.mjs';
import { report } from './report.mjs';
import 'reflect-metadata';

const states = ['no SDK', 'recording', 'recording, sliced ids', 'unsampled', 'unsampled, sliced ids'];
const [, script, state, isAsync] = process.argv;

if (state === undefined) {
  // A process a state: a provider cannot be taken back.
  for (const each of states) {
    for (const kind of ['', 'async']) {
      spawnSync(process.execPath, [script, each, kind], { stdio: 'inherit' });
      spawnSync(process.execPath, [...flags, script, each, kind], { stdio: 'inherit' });
    }
  }
} else {
  await measure();
}

async function measure() {
  const discard = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
  const sampler = state.startsWith('recording') ? new AlwaysOnSampler() : new AlwaysOffSampler();
  const provider = (more) => new NodeTracerProvider({ sampler, spanProcessors: [discard], ...more });
  const isSliced = state.endsWith('sliced ids');
  if (state !== 'no SDK') provider(isSliced ? { idGenerator: new SlicedIds() } : {}).register();
  // Looked up after the provider is registered, as some of them keep what they find.
  const { Span: nestSpan } = await import('nestjs-otel');
  const { Traced: fullstackhouse } = await import('@fullstackhouse/opentelemetry-js-decorator');
  const { observe } = await import('@arizeai/openinference-core');

  const stock = isSliced ? provider().getTracer('bench') : trace.getTracer('bench');
  const workers = {
    bare: new (work())(),
    'by hand': legacy(byHand(stock)),
    'by hand, with the attribute that @Span sets': legacy(byHand(stock, { 'code.function.name': 'Work.run' })),
    ...(isSliced && { 'by hand, sliced ids': legacy(byHand(trace.getTracer('bench'))) }),
    '@Span': legacy(Span),
    'nestjs-otel @Span': legacy(nestSpan('Work.run')),
    'fullstackhouse @Traced': legacy(fullstackhouse('Work.run')),
    'openinference @observe': standard(observe({ name: 'Work.run' })),
    ...peersApart(),
  };
  const toLoop = isAsync ? asyncLoop : loop;
  const variants = Object.fromEntries(
    Object.entries(workers).map(([name, worker]) => [name, toLoop((x) => worker.run(x))]),
  );
  if (globalThis.gc === undefined) {
    report(`span, ${state}, ${isAsync ? 'async' : 'sync'}`, await interleave(variants, 'by hand'), 'ratio of p10');
  } else {
    const bytes = {};
    for (const [name, run] of Object.entries(variants)) bytes[name] = await bytesPerCall(run);
    console.log('bytes a call:', bytes);
  }
}

/** Those of bench/peers, where they are installed. Traceloop makes every method async. */
function peersApart() {
  if (!isAsync) return {};
  const fromPeers = createRequire(new URL('peers/package.json', import.meta.url));
  try {
    const { Trace } = fromPeers('autotel/decorators');
    const { task } = fromPeers('@traceloop/node-server-sdk');
    return {
      'autotel @Trace': standard(Trace('Work.run')),
      'traceloop @task': legacy(task({ name: 'Work.run' })),
    };
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return {};
  }
}

/** A class a variant, so that they share no type feedback. */
function work() {
  if (isAsync) {
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

function legacy(decorator) {
  const Work = work();
  const property = Object.getOwnPropertyDescriptor(Work.prototype, 'run');
  Object.defineProperty(Work.prototype, 'run', decorator(Work.prototype, 'run', property) ?? property);
  return new Work();
}

function standard(decorator) {
  const Work = work();
  const context = { kind: 'method', name: 'run', static: false, private: false, metadata: {}, addInitializer() {} };
  Work.prototype.run = decorator(Work.prototype.run, context);
  return new Work();
}

function byHand(tracer, attributes) {
  const options = attributes === undefined ? {} : { attributes };
  const fail = (span, error) => {
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error?.message });
    throw error;
  };
  return (_target, _key, { value: run, ...property }) => ({
    ...property,
    value: isAsync
      ? function (x) {
          return tracer.startActiveSpan('Work.run', options, async (span) => {
            try {
              return await run.call(this, x);
            } catch (error) {
              fail(span, error);
            } finally {
              span.end();
            }
          });
        }
      : function (x) {
          return tracer.startActiveSpan('Work.run', options, (span) => {
            try {
              return run.call(this, x);
            } catch (error) {
              fail(span, error);
            } finally {
              span.end();
            }
          });
        },
  });
}
