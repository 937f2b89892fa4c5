import { startTelemetry } from '@benchlab-otel/node';
import express from 'express';
import { Checkout } from './checkout.ts';

const telemetry = await startTelemetry({ serviceName: 'shop' });

const checkout = new Checkout();
const app = express();
app.get('/checkout/:sku', async (request, response) => {
  response.send(await checkout.run([request.params.sku]));
});
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  telemetry.logger.info({ event: 'ready', address: server.address() }, 'ready');
});

process.once('SIGTERM', () => {
  server.close(() => telemetry.shutdown()); // when the last request has its answer
});
