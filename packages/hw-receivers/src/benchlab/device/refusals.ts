import type { BenchlabError } from '@benchlab-otel/core';
import { Backoff } from '../../time/backoff.ts';
import type { CandidatePort } from './discovery.ts';
import { AnotherProduct } from './identify.ts';

const maxPorts = 64;
/** A line that was quiet or garbled is asked WELCOME again after this, the one request that every device allows. */
const [firstRetryNs, longestRetryNs] = [1e9, 60e9];

interface Refusal {
  readonly enumeration: string;
  readonly error: BenchlabError;
  /** When it may be asked again; undefined: when another device is at the path, or the user says so. */
  readonly retry: Backoff | undefined;
}

/** Ports that are not opened for now. Beyond 64 the oldest is forgotten. */
export class Refusals {
  readonly #byPath = new Map<string, Refusal>();
  readonly #knownGood = new Map<string, string>();

  /** Why the port is not asked now; undefined when it may be. */
  of({ path, enumeration }: CandidatePort, nowNs: number): BenchlabError | undefined {
    const refusal = this.#byPath.get(path);
    if (refusal?.enumeration !== enumeration || refusal.retry?.isDue(nowNs) === true) return undefined;
    return refusal.error;
  }

  /** The device behind the port is a BENCHLAB: a bad answer does not refuse it until it is plugged in again. */
  accept({ path, enumeration }: CandidatePort): void {
    this.#byPath.delete(path);
    remember(this.#knownGood, path, enumeration);
  }

  /** Remembers the refusal where the device was asked and did not answer as a BENCHLAB does. */
  add({ path, enumeration }: CandidatePort, error: BenchlabError, isNamedByUser: boolean, nowNs: number): void {
    if (this.#knownGood.get(path) === enumeration || !refusing.has(error.code)) return;
    const isFinal = error instanceof AnotherProduct || error.code === 'UNKNOWN_FIRMWARE' || !isNamedByUser;
    const before = this.#byPath.get(path);
    const known = before?.enumeration === enumeration ? before.retry : undefined;
    const retry = isFinal ? undefined : (known ?? new Backoff(firstRetryNs, longestRetryNs));
    retry?.failed(nowNs);
    remember(this.#byPath, path, { enumeration, error, retry });
  }

  /** The user says that the devices may be others: each is asked again. */
  forget(): void {
    this.#byPath.clear();
  }
}

/** The other codes (busy, unreadable, unplugged) mean that the device was not asked. */
const refusing: ReadonlySet<string> = new Set(['NOT_A_BENCHLAB', 'UNKNOWN_FIRMWARE', 'NO_REPLY', 'BAD_REPLY']);

function remember<Value>(map: Map<string, Value>, path: string, value: Value): void {
  map.delete(path);
  map.set(path, value);
  const [oldest] = map.keys();
  if (map.size > maxPorts && oldest !== undefined) map.delete(oldest);
}
