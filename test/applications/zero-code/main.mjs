// Asks its own server. The spans of the request come from the auto-instrumentations, the others from marks.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { withSpan } from '@benchlab-otel/sdk';
import { isSpanContextValid, trace } from '@opentelemetry/api';

const server = createServer((_, response) => {
  const active = trace.getActiveSpan();
  withSpan('work', (work) => {
    const isChild = active !== undefined && work.parentSpanContext?.spanId === active.spanContext().spanId;
    console.log(`work is below ${isChild ? active.name : 'nothing'}`);
    response.end(work.spanContext().traceId);
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
await withSpan('client', async (client) => {
  const traceId = await (await fetch(`http://127.0.0.1:${server.address().port}/`)).text();
  const own = client.spanContext();
  console.log(`client and work are in one trace: ${isSpanContextValid(own) && traceId === own.traceId}`);
});
server.closeAllConnections();
server.close();
