import type { BenchlabError } from '@benchlab-otel/core';
import type { CandidatePort } from './discovery.ts';

const maxPorts = 64;

/** Ports that are not opened until their device is plugged in again. Beyond 64 the oldest is forgotten. */
export class Refusals {
  readonly #byPath = new Map<string, { readonly enumeration: string; readonly error: BenchlabError }>();
  readonly #knownGood = new Map<string, string>();

  /** Why the port is not asked again; undefined when it may be. */
  of({ path, enumeration }: CandidatePort): BenchlabError | undefined {
    const refusal = this.#byPath.get(path);
    return refusal?.enumeration === enumeration ? refusal.error : undefined;
  }

  /** The device behind the port is a BENCHLAB: a bad answer does not refuse it until it is plugged in again. */
  accept({ path, enumeration }: CandidatePort): void {
    remember(this.#knownGood, path, enumeration);
  }

  /** Remembers the refusal where the device was asked and did not answer as a BENCHLAB does. */
  add(port: CandidatePort, error: BenchlabError, isNamedByUser: boolean): void {
    if (this.#isFinal(port, error, isNamedByUser)) {
      remember(this.#byPath, port.path, { enumeration: port.enumeration, error });
    }
  }

  #isFinal({ path, enumeration }: CandidatePort, { code }: BenchlabError, isNamedByUser: boolean): boolean {
    if (this.#knownGood.get(path) === enumeration) return false;
    if (code === 'NOT_A_BENCHLAB' || code === 'UNKNOWN_FIRMWARE') return true;
    // A port that the user named has a board: it may be silent now and answer later.
    return (code === 'NO_REPLY' || code === 'BAD_REPLY') && !isNamedByUser;
    // The other codes (busy, unreadable, unplugged) mean that the device was not asked.
  }
}

function remember<Value>(map: Map<string, Value>, path: string, value: Value): void {
  map.delete(path);
  map.set(path, value);
  const [oldest] = map.keys();
  if (map.size > maxPorts && oldest !== undefined) map.delete(oldest);
}
