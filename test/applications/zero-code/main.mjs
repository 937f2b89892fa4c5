// Asks its own server. The spans of the request come from the auto-instrumentations, the others from marks.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { withSpan } from '@benchlab-otel/sdk';
import { trace } from '@opentelemetry/api';

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
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
  console.log(`client and work are in one trace: ${(await answer.text()) === client.spanContext().traceId}`);
});
server.closeAllConnections();
server.close();
