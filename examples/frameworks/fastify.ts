import { startTelemetry } from '@benchlab-otel/node';
import Fastify from 'fastify';
import { Checkout } from './checkout.ts';

const telemetry = await startTelemetry({ serviceName: 'shop' });

const checkout = new Checkout();
// The lines of Fastify go through the logger of the telemetry, with the ids of the span.
const app = Fastify({ loggerInstance: telemetry.logger });
app.get<{ Params: { sku: string } }>('/checkout/:sku', ({ params }) => checkout.run([params.sku]));
app.addHook('onClose', () => telemetry.shutdown());
await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
telemetry.logger.info({ event: 'ready', address: app.addresses()[0] }, 'ready');

process.once('SIGTERM', () => app.close());
