import type { Clock } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { CollectionResult } from '@opentelemetry/sdk-metrics';
import type { Logger } from 'pino';
import type { AlertsConfig } from './alertOptions.ts';
import { alertSamples } from './alertSamples.ts';
import { type ActiveAlert, AlertStates } from './alertStates.ts';
import { AlertTarget } from './alertTarget.ts';

export interface AlertsParts {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Labels of every series. */
  readonly labels: Attributes;
  collect(): Promise<CollectionResult>;
}

/** Looks at the metrics at an interval, and informs the addresses of alerts. Returns the function that ends it. */
export function startAlerts({ rules, addresses, intervalMs }: AlertsConfig, parts: AlertsParts): () => void {
  const { clock, logger } = parts;
  const states = new AlertStates(rules);
  const targets = addresses.map(({ url, ...address }) => {
    const shown = new URL(url).origin;
    return new AlertTarget({ url, ...address }, clock, {
      failed: (reason) => logger.warn({}, `Alerts cannot be sent to ${shown}. It is tried again. ${reason}`),
      recovered: (failures) => logger.info({}, `Alerts are sent to ${shown} again, after ${failures} failures.`),
    });
  });
  let [isEnded, dueNs, dropped] = [false, clock.nowNs(), 0];
  let cancel = (): void => undefined;

  async function look(): Promise<void> {
    const before = new Map(states.firing.map((alert) => [alert.key, alert]));
    try {
      const { resourceMetrics } = await parts.collect();
      states.look(alertSamples(resourceMetrics, states.wanted, parts.labels), clock.nowNs());
    } catch (error) {
      // It rejects once the telemetry is shut down.
      if (!isEnded)
        logger.warn({ err: error }, 'Alerts could not look at the metrics. The next look is at the interval.');
    }
    if (isEnded) return;
    logChanges(before, states.firing);
    if (states.dropped > 0 && dropped === 0) logger.warn({}, 'More alerts hold than there is room for: 500 are kept.');
    dropped = states.dropped;
    for (const target of targets) void target.inform(states.firing);
    dueNs = Math.max(dueNs + intervalMs * 1e6, clock.nowNs());
    arm();
  }

  function logChanges(before: ReadonlyMap<string, ActiveAlert>, firing: readonly ActiveAlert[]): void {
    for (const { key, labels, rule } of firing) {
      if (!before.has(key)) logger.warn({ labels }, `The alert ${rule.name} fires: ${rule.summary}`);
    }
    const present = new Set(firing.map(({ key }) => key));
    for (const { key, labels, rule } of before.values()) {
      if (!present.has(key)) logger.info({ labels }, `The alert ${rule.name} is resolved.`);
    }
  }

  function arm(): void {
    cancel = clock.at(dueNs, () => void look(), { background: true });
  }

  dueNs += intervalMs * 1e6;
  arm();
  return () => {
    isEnded = true;
    cancel();
  };
}
