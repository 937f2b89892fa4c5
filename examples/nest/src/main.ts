// A NestJS service: telemetry starts first, then the application; a signal stops both.
//   node examples/nest          then: curl -H 'x-role: clerk' http://127.0.0.1:3000/orders/1
import { startTelemetry } from '@benchlab-otel/node';
import { createApp } from './app.ts';

const telemetry = await startTelemetry({ serviceName: 'orders' });
const app = await createApp();
await app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
telemetry.logger.info({ event: 'app.ready', url: await app.getUrl() }, 'ready');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await app.close();
    await telemetry.shutdown();
  });
}
