// What it costs to follow a lazy query, an object that starts its work at `then` or at another method, as query builders
// return it: by hand, where the caller awaits the query in a span, and with @Span on the method that returns it. Few
// methods, and the hundred of a builder, a tenth of which may start the query.

import { Span } from '@benchlab-otel/sdk';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { asyncLoop, interleave } from './interleave.mjs';
import { report } from './report.mjs';

const discard = { onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} };
new NodeTracerProvider({ spanProcessors: [discard] }).register();
const tracer = trace.getTracer('bench');

const starters = ['exec', 'execute', 'run', 'stream', 'cursor', 'toArray', 'all', 'get', 'catch', 'finally'];

function queryClass(methods) {
  class Query {
    constructor(value) {
      this.value = value;
    }
    // biome-ignore lint/suspicious/noThenProperty: a lazy query
    then(resolve, reject) {
      return Promise.resolve(this.value).then(resolve, reject);
    }
    exec() {
      return Promise.resolve(this.value);
    }
  }
  for (let k = 0; k < methods; k++) {
    const name = k < starters.length ? starters[k] : `where${k}`;
    Query.prototype[name] ??= function () {
      return this;
    };
  }
  return Query;
}

for (const methods of [0, 100]) {
  const repository = () => {
    const Query = queryClass(methods);
    return class Repository {
      find(value) {
        return new Query(value);
      }
    };
  };
  const decorated = () => {
    const Repository = repository();
    const property = Object.getOwnPropertyDescriptor(Repository.prototype, 'find');
    Object.defineProperty(Repository.prototype, 'find', Span(Repository.prototype, 'find', property) ?? property);
    return new Repository();
  };
  const [bare, plain, ours, oursByExec] = [new (repository())(), new (repository())(), decorated(), decorated()];
  const byHand = (value) =>
    tracer.startActiveSpan('Repository.find', async (span) => {
      try {
        return await plain.find(value);
      } catch (error) {
        span.recordException(error);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  const variants = {
    bare: asyncLoop((x) => bare.find(x)),
    'by hand': asyncLoop(byHand),
    '@Span, await': asyncLoop((x) => ours.find(x)),
    '@Span, exec': asyncLoop((x) => oursByExec.find(x).exec()),
  };
  report(`thenable, ${methods + 2} methods`, await interleave(variants, 'by hand'), 'ratio of p10');
}
