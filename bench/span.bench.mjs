// What a span costs, by `spanned()` and by hand, without an SDK, recording, and unsampled.

import { spanned } from '@benchlab-otel/sdk';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { AlwaysOffSampler, AlwaysOnSampler, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { asyncLoop, interleave, loop } from './interleave.mjs';

const discard = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
const work = (x) => (x * 3 + 1) | 0;
const workAsync = async (x) => (x * 3 + 1) | 0;

const tracer = trace.getTracer('bench');
function fail(span, error) {
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error?.message });
}
const byHand = (x) =>
  tracer.startActiveSpan('work', (span) => {
    try {
      return work(x);
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
const byHandAsync = (x) =>
  tracer.startActiveSpan('work', async (span) => {
    try {
      return await workAsync(x);
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });

async function measure(state) {
  console.log(`\nspan, ${state}`);
  console.table(
    await interleave(
      { bare: loop(work), 'by hand': loop(byHand), 'spanned()': loop(spanned('work', work)) },
      'by hand',
    ),
  );
  console.table(
    await interleave(
      {
        'bare async': asyncLoop(workAsync),
        'by hand async': asyncLoop(byHandAsync),
        'spanned() async': asyncLoop(spanned('work', workAsync)),
      },
      'by hand async',
    ),
  );
}

const state = process.argv[2];
if (state === undefined) {
  // A process a state: a provider cannot be taken back.
  const { spawnSync } = await import('node:child_process');
  for (const each of ['no SDK', 'recording', 'unsampled']) {
    spawnSync(process.execPath, [process.argv[1], each], { stdio: 'inherit' });
  }
} else {
  if (state !== 'no SDK') {
    const sampler = state === 'recording' ? new AlwaysOnSampler() : new AlwaysOffSampler();
    new NodeTracerProvider({ sampler, spanProcessors: [discard] }).register();
  }
  await measure(state);
}
