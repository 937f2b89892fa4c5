// A small service: a class with decorated methods, and a main program that starts telemetry, takes orders, and shuts
// telemetry down.
//   node examples/checkout [--for 5s | --count 20]
//   node examples/checkout --compare [--for 5s] [--socket PATH]   what overlapping requests cost, equally and by CPU time
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startTelemetry } from '@benchlab-otel/node';
import { exampleCart } from './cart.ts';
import { Checkout } from './checkout.ts';

const { forMs, count, comparison } = options();
if (comparison !== undefined) {
  const { compare } = await import('./compare.ts');
  const ended = await compare(forMs ?? 5000, comparison.socket).catch((error: Error) => error);
  if (typeof ended === 'string') process.stdout.write(ended);
  else process.stderr.write(`${ended.message}\n`);
  process.exit(typeof ended === 'string' ? 0 : 1);
}
const telemetry = await startTelemetry({ serviceName: 'checkout' });
const { logger } = telemetry;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
const timer = forMs === undefined ? undefined : setTimeout(() => stop.abort(), forMs);

const shop = new Checkout();
let orders = 0;
while (!stop.signal.aborted && orders < count) {
  try {
    const receipt = await shop.checkout(exampleCart(orders));
    logger.info({ event: 'order.placed', order: orders, ...receipt }, 'order placed');
  } catch (error) {
    logger.warn({ event: 'order.declined', order: orders, err: error }, 'order declined');
  }
  orders++;
  // No customer for a moment: the power of the bench returns to idle between orders.
  await pause(120, undefined, { signal: stop.signal }).catch(() => undefined);
}
clearTimeout(timer);
const { droppedSpans } = await telemetry.shutdown();
if (droppedSpans > 0) logger.warn({ droppedSpans }, 'spans were lost');

function options(): { forMs: number | undefined; count: number; comparison: { socket?: string } | undefined } {
  try {
    const { values } = parseArgs({
      options: {
        for: { type: 'string' },
        count: { type: 'string' },
        compare: { type: 'boolean' },
        socket: { type: 'string' },
      },
    });
    const forMs = values.for === undefined ? undefined : milliseconds(values.for);
    const { socket } = values;
    const comparison = values.compare ? { ...(socket !== undefined && { socket }) } : undefined;
    const isTimed = forMs !== undefined && values.count === undefined;
    return {
      forMs,
      count: isTimed ? Number.POSITIVE_INFINITY : wholeNumber(values.count ?? '20'),
      comparison,
    };
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : error}\nUsage: checkout [--for 5s | --count 20] or checkout --compare [--for 5s] [--socket PATH]`,
    );
    process.exit(2);
  }
}

function milliseconds(text: string): number {
  const [, number, unit] = /^([0-9.]+)(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(number) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000);
  if (!(ms > 0)) throw new RangeError(`--for ${text}: write a duration such as 500ms, 5s or 1m.`);
  return ms;
}

function wholeNumber(text: string): number {
  if (!/^[1-9][0-9]*$/.test(text)) throw new RangeError(`--count ${text}: write a whole number above 0.`);
  return Number(text);
}
