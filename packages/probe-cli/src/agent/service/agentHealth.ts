import type { Clock } from '@benchlab-otel/core';
import type { ReceiverSet } from '../receiverSet.ts';
import type { ServiceManager } from './serviceManager.ts';

/**
 * A receiver that brought neither a sample nor a poll for this time hangs, ns. One without a device asks for it every 60 s at
 * the latest (`Backoff` in hw-receivers).
 */
const stillNs = 150e9;

/** Whether the agent does its work, for HTTP and for the watchdog of systemd. */
export class AgentHealth {
  readonly findings: () => readonly string[];
  readonly #receivers: ReceiverSet;
  readonly #clock: Clock;
  #state: 'starts' | 'runs' | 'ends' = 'starts';
  #timer: NodeJS.Timeout | undefined;

  /** @param findings what is wrong and does not keep it from its work */
  constructor(receivers: ReceiverSet, clock: Clock, findings: () => readonly string[] = () => []) {
    this.#receivers = receivers;
    this.#clock = clock;
    this.findings = findings;
  }

  /** Why the agent is not well; undefined when it is. */
  readonly live = (): string | undefined => {
    const nowNs = this.#clock.nowNs();
    const still = [...this.#receivers.movedNs].filter(([, movedNs]) => nowNs - movedNs > stillNs);
    if (still.length === 0) return undefined;
    const words = still.map(([key, movedNs]) => `${key} for ${Math.round((nowNs - movedNs) / 1e9)} s`);
    return `Receivers brought nothing: ${words.join(', ')}.`;
  };

  /** Why the agent does not serve samples now; undefined when it does. */
  readonly ready = (): string | undefined => (this.#state === 'runs' ? this.live() : `The agent ${this.#state}.`);

  /** Feeds the watchdog while receivers move. `trouble` is called each time that it is not fed. */
  runs(manager: ServiceManager | undefined, trouble: (why: string) => void): void {
    this.#state = 'runs';
    if (manager?.watchdogMs === undefined) return;
    // sd_watchdog_enabled(3) recommends half of the time.
    this.#timer = setInterval(() => {
      const why = this.live();
      if (why === undefined) manager.alive();
      else trouble(why);
    }, manager.watchdogMs / 2);
    this.#timer.unref();
  }

  ends(): void {
    this.#state = 'ends';
    clearInterval(this.#timer);
  }
}
