import { setTimeout as pause } from 'node:timers/promises';
import { type EndedSpan, type Enricher, SampleHistory } from '@benchlab-otel/core';
import { cpuTime, cpuWeights, processShare, spanEnergy } from '@benchlab-otel/enrichers';
import { startTelemetry } from '@benchlab-otel/node';
import { withSpan } from '@benchlab-otel/sdk';
import { agentReceiver } from '@benchlab-otel/wire';
import { exampleCart } from './cart.ts';
import { Checkout } from './checkout.ts';

/** Power of the processor of the emulated board at rest, W: it follows the load of this host from 35 to 160 W. */
const restWatts = 35;
const customers = 6;
const warmUpMs = 1500;
const patienceMs = 5000;

/**
 * Customers who overlap: half ask for quotes, which work, and half reserve, which waits. Prints what a request of each kind
 * costs when the energy is divided equally, and when it is divided by CPU time. The samples are those of an agent:
 * `benchlab-probe agent --simulate`.
 */
export async function compare(forMs: number, socket?: string): Promise<string> {
  const agent = agentReceiver(socket === undefined ? {} : { path: socket });
  const history = new SampleHistory();
  const cpu = cpuTime();
  const baseline = { cpu: restWatts };
  const equal = new Joules(spanEnergy(history, { baseline }));
  const weighted = new Joules(
    spanEnergy(history, { baseline, weights: { cpu: cpuWeights(cpu, { share: processShare() }) } }),
  );
  const telemetry = await startTelemetry({
    serviceName: 'checkout',
    otlp: false,
    metricsPage: false,
    log: { level: 'silent' },
    enrichers: [cpu, equal, weighted],
  });
  const shop = new Checkout();
  const requests = {
    async quote(n: number) {
      for (let k = 0; k < 4; k++) {
        shop.price({ ...exampleCart(n + k), voucherCents: 24_000 });
        await pause(20);
      }
    },
    async reserve() {
      await pause(150);
    },
  };
  await agent.start(history);
  const patienceUntil = performance.now() + patienceMs;
  while (history.sources.length === 0) {
    if (performance.now() > patienceUntil)
      throw new Error('No agent has samples. Start one: benchlab-probe agent --simulate');
    await pause(20);
  }
  const warmUntil = performance.now() + warmUpMs;
  const until = warmUntil + forMs;
  await Promise.all(
    Array.from({ length: customers }, async (_, customer) => {
      const kind = customer % 2 === 0 ? 'quote' : 'reserve';
      for (let n = 0; performance.now() < until; n++) {
        // The first requests come before a share of the host is known.
        const name = performance.now() < warmUntil ? 'warm-up' : kind;
        await withSpan(name, () => requests[kind](n));
      }
    }),
  );
  await pause(300);
  await telemetry.shutdown();
  await agent.stop();
  const rows = (['quote', 'reserve'] as const).map(
    (kind) => `${kind.padEnd(10)}${equal.meanOf(kind).padStart(14)}${weighted.meanOf(kind).padStart(14)}`,
  );
  return ['joules a request, beyond rest (simulated)', 'request         equally   by CPU time', ...rows, ''].join('\n');
}

/** Keeps the energy that another enricher has for each span, so that two ways stand side by side. */
class Joules implements Enricher {
  readonly name: string;
  readonly #of: Enricher;
  readonly #joules = new Map<string, number[]>();

  constructor(of: Enricher) {
    this.#of = of;
    this.name = of.name;
  }

  spanStarted(...given: Parameters<NonNullable<Enricher['spanStarted']>>): void {
    this.#of.spanStarted?.(...given);
  }

  spanEnded(span: EndedSpan): undefined {
    void Promise.resolve(this.#of.spanEnded?.(span)).then((attributes) => {
      const joules = attributes?.['benchlab.energy.cpu.active.joules'];
      if (typeof joules === 'number') this.#joules.set(span.name, [...(this.#joules.get(span.name) ?? []), joules]);
    });
  }

  shutdown(): void {
    void this.#of.shutdown?.();
  }

  meanOf(name: string): string {
    const joules = this.#joules.get(name) ?? [];
    if (joules.length === 0) return 'no figure';
    return `${(joules.reduce((sum, each) => sum + each, 0) / joules.length).toFixed(2)} J`;
  }
}
