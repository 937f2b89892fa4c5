import { type Clock, messageOf } from '@benchlab-otel/core';
import { type AlertNotice, alertMessage } from './alertMessage.ts';
import { type AlertAddress, bearerIn } from './alertOptions.ts';
import type { ActiveAlert } from './alertStates.ts';

/** A request may take this long, ms. */
const timeoutMs = 10_000;
/** After a failure the next attempt waits this long, doubled after each further one up to the longest, ns. */
const [firstWaitNs, longestWaitNs] = [1e9, 60e9];
/**
 * Alertmanager resolves an alert that is not sent again (`endsAt`): it is sent again after the first, and ends after the second.
 * Prometheus sends after one minute, for four (cmd/prometheus, `rules.alert.resend-delay`).
 */
const [againNs, expiryMs] = [60e9, 240_000];

export type Post = (url: string, body: string, headers: Readonly<Record<string, string>>) => Promise<void>;

/** What one target reports about itself. */
export interface TargetEvents {
  /** The first of several failures in a row. */
  failed(reason: string): void;
  /** A message went out after failures. */
  recovered(failures: number): void;
}

interface Delivered {
  readonly alert: ActiveAlert;
  readonly atNs: number;
}

/**
 * Informs one address of the state of the alerts. It keeps no queue: at each attempt it compares the present state with what
 * was delivered last, so that an address that was away gets the present and not the history.
 */
export class AlertTarget {
  readonly #address: AlertAddress;
  readonly #clock: Clock;
  readonly #post: Post;
  readonly #events: TargetEvents;
  /** Alerts that this address takes for firing. As many as fire. */
  readonly #delivered = new Map<string, Delivered>();
  #failures = 0;
  #dueNs = Number.NEGATIVE_INFINITY;
  #isSending = false;

  constructor(address: AlertAddress, clock: Clock, events: TargetEvents, post: Post = postJson) {
    this.#address = address;
    this.#clock = clock;
    this.#events = events;
    this.#post = post;
  }

  /** Sends what has changed, unless an attempt runs or waits. Never rejects. */
  async inform(firing: readonly ActiveAlert[]): Promise<void> {
    const nowNs = this.#clock.nowNs();
    if (this.#isSending || nowNs < this.#dueNs) return;
    const notices = this.#notices(firing, nowNs);
    if (notices.length === 0) return;
    this.#isSending = true;
    try {
      const { kind, url, tokenFile } = this.#address;
      const bearer = tokenFile === undefined ? {} : { authorization: `Bearer ${bearerIn(tokenFile)}` };
      await this.#post(url, alertMessage(kind, notices), bearer);
      this.#accepted(notices, nowNs);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isSending = false;
    }
  }

  #notices(firing: readonly ActiveAlert[], nowNs: number): readonly AlertNotice[] {
    const { epochNs, timeNs } = this.#clock.anchor();
    const wallMs = (atNs: number) => Number(epochNs / 1_000_000n) + (atNs - timeNs) / 1e6;
    const isDue = ({ key }: ActiveAlert) => {
      const before = this.#delivered.get(key);
      return before === undefined || (this.#address.kind === 'alertmanager' && nowNs - before.atNs >= againNs);
    };
    const present = new Set(firing.map(({ key }) => key));
    const gone = [...this.#delivered.values()].filter(({ alert }) => !present.has(alert.key));
    return [
      ...firing.filter(isDue).map((alert): AlertNotice => {
        return { alert, status: 'firing', startMs: wallMs(alert.sinceNs), endMs: wallMs(nowNs) + expiryMs };
      }),
      ...gone.map(({ alert }): AlertNotice => {
        return { alert, status: 'resolved', startMs: wallMs(alert.sinceNs), endMs: wallMs(nowNs) };
      }),
    ];
  }

  #accepted(notices: readonly AlertNotice[], atNs: number): void {
    for (const { alert, status } of notices) {
      if (status === 'firing') this.#delivered.set(alert.key, { alert, atNs });
      else this.#delivered.delete(alert.key);
    }
    if (this.#failures > 0) this.#events.recovered(this.#failures);
    this.#failures = 0;
    this.#dueNs = Number.NEGATIVE_INFINITY;
  }

  #failed(error: unknown): void {
    const waitNs = Math.min(longestWaitNs, firstWaitNs * 2 ** this.#failures);
    this.#dueNs = this.#clock.nowNs() + waitNs;
    this.#failures += 1;
    if (this.#failures === 1) this.#events.failed(messageOf(error));
  }
}

/** Posts JSON. A redirection is not followed: it could lead the token to another host. */
async function postJson(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (response.ok) return;
  const fix = response.status >= 300 && response.status < 400 ? ' Name the address that it redirects to.' : '';
  throw new Error(`It answers with status ${response.status}.${fix}`);
}
