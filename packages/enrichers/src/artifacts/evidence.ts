import { userInfo } from 'node:os';
import { BenchlabError, OptionError, textOption } from '@benchlab-otel/core';
import { type ArtifactHold, type ArtifactPlace, type EvidenceLine, isSha256 } from './artifactPlace.ts';
import { checkedRead } from './checkedRead.ts';

/** How long an artifact is evidence, and for what. */
export interface HoldOptions {
  /** The object is kept until then at least. */
  readonly until: Date | string;
  /** Why, for the people that find it: at most 1,000 characters. */
  readonly reason: string;
}

const maxReasonLength = 1_000;

/** Objects that outlive quota and age, because they are evidence. Each change is a line of the log of their place. */
export class Evidence {
  readonly #place: ArtifactPlace;
  readonly #nowMs: () => number;

  constructor(place: ArtifactPlace, nowMs: () => number) {
    this.#place = place;
    this.#nowMs = nowMs;
  }

  /**
   * @throws OptionError for a time that is not ahead or a reason that is empty, BenchlabError where the object is not there,
   *   is damaged, or is on hold for longer
   */
  async hold(sha256: string, { until, reason }: HoldOptions): Promise<ArtifactHold> {
    checkSha256(sha256);
    const hold = {
      sha256,
      since: this.#now(),
      until: this.#ahead(until),
      reason: textOption('reason', reason).slice(0, maxReasonLength),
      by: userName(),
    };
    const before = await this.#place.holdOf(sha256);
    if (before !== undefined && before.since !== '' && before.until > hold.until) {
      const what = `The artifact ${sha256} is on hold until ${before.until} already: ${before.reason}.`;
      throw new BenchlabError('BAD_OPTION', what, 'Release it before it is held for a shorter time.');
    }
    await this.#place.setHold(hold);
    try {
      // After the hold is there: what is whole now is not removed any more.
      for await (const _ of checkedRead(this.#place, sha256));
    } catch (error) {
      if (before === undefined) await this.#place.removeHold(sha256);
      else await this.#place.setHold(before);
      throw error;
    }
    await this.#place.log(this.#line('hold', hold, reason));
    return hold;
  }

  /** @returns whether the object was on hold */
  async release(sha256: string, reason: string): Promise<boolean> {
    checkSha256(sha256);
    textOption('reason', reason);
    const hold = await this.#place.holdOf(sha256);
    if (hold === undefined) return false;
    // A release that is not in the log would leave no trace: the line comes first.
    await this.#place.log(this.#line('release', hold, reason.slice(0, maxReasonLength)));
    await this.#place.removeHold(sha256);
    return true;
  }

  /** Soonest end first. */
  async list(): Promise<readonly ArtifactHold[]> {
    const holds = await this.#place.holds();
    return [...holds].sort((a, b) => (a.until < b.until ? -1 : 1));
  }

  /** Ends the holds whose time is over. */
  async expire(): Promise<void> {
    const now = this.#now();
    for (const hold of await this.#place.holds()) {
      if (hold.until > now) continue;
      await this.#place.log(this.#line('expired', hold, hold.reason));
      await this.#place.removeHold(hold.sha256);
    }
  }

  #line(action: EvidenceLine['action'], { sha256, until }: ArtifactHold, reason: string): EvidenceLine {
    return { time: this.#now(), action, sha256, until, reason, by: userName() };
  }

  #now(): string {
    return new Date(this.#nowMs()).toISOString();
  }

  #ahead(until: unknown): string {
    const ms = until instanceof Date || typeof until === 'string' ? new Date(until).getTime() : Number.NaN;
    // The format of four digits sorts as text.
    if (ms > this.#nowMs() && ms < lastMs) return new Date(ms).toISOString();
    const value = until instanceof Date ? String(until) : until;
    throw new OptionError({ option: 'until', value, allowed: 'a time ahead, as 2027-01-31, before the year 10000' });
  }
}

const lastMs = Date.UTC(10_000, 0);

/** @throws OptionError */
export function checkSha256(sha256: unknown): asserts sha256 is string {
  if (isSha256(sha256)) return;
  const allowed = '64 hexadecimal digits in lower case, the SHA-256 of the artifact';
  throw new OptionError({ option: 'sha256', value: sha256, allowed });
}

/** A user that the system has no name for has a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? '');
  }
}
