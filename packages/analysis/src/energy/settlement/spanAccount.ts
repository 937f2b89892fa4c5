import type { EnergyRole } from '@benchlab-otel/core';
import type { Interval, SpanWeights } from './weights.ts';

/** What one span has of one role so far. */
export interface RoleAccount {
  joules: number;
  selfJoules: number;
  /** Beyond the baseline; stays 0 without one. */
  activeJoules: number;
  /** J², from where power may have changed between samples, and from the clocks. */
  variance: number;
  /** Edges of the span that fell between samples, and the sum of step² times share² over them, W². */
  edges: number;
  edgeSteps: number;
  /** Covered time, s, and the sums over it of watts and watts², for what gaps may hide. */
  seconds: number;
  wattSeconds: number;
  watt2Seconds: number;
}

/** A span that takes part in the settlement, with what it has so far. */
export class SpanAccount {
  span: Interval;
  uncertaintyNs: number;
  readonly parent: SpanAccount | undefined;
  readonly depth: number;
  readonly roles: Partial<Record<EnergyRole, RoleAccount>> = {};
  coveredNs = 0;
  /** Time in intervals that the span shared with others. */
  sharedNs = 0;
  /** Time in intervals that were divided by weights, and in those divided equally for want of them. */
  weightedNs = 0;
  equalNs = 0;
  samples = 0;
  /** What weights that grow while the span runs had reached after the last interval. */
  readonly weightSeen: Map<SpanWeights, number> = new Map();
  /** Index among the parts of the interval in hand; -1 outside of one. */
  index = -1;

  constructor(span: Interval, uncertaintyNs: number, parent: SpanAccount | undefined) {
    this.span = span;
    this.uncertaintyNs = uncertaintyNs;
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  of(role: EnergyRole): RoleAccount {
    let account = this.roles[role];
    if (account === undefined) {
      account = {
        joules: 0,
        selfJoules: 0,
        activeJoules: 0,
        variance: 0,
        edges: 0,
        edgeSteps: 0,
        seconds: 0,
        wattSeconds: 0,
        watt2Seconds: 0,
      };
      this.roles[role] = account;
    }
    return account;
  }
}
