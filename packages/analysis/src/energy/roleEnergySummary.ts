import type { EnergyRole, PowerBoundary, Source } from '@benchlab-otel/core';
import type { AddedEnergy, WholeEnergy } from './estimate/energyEstimate.ts';

/** Energy of all calls of one operation on the rails of one role, and how it came about. */
export interface RoleEnergySummary {
  /** Joules of all calls that the rails delivered while they ran, or their share of them. */
  readonly whole: WholeEnergy;
  /** Joules that all calls caused, without those of anything else that ran: causal, without a baseline. */
  readonly added: AddedEnergy;
  /** The whole without the energy of the bench at rest. Present where that was measured before. */
  readonly active?: AddedEnergy;
  /** The energy of the bench at rest in the time of the calls, J: active and idle are the whole. */
  readonly idleJoules?: number;
  /** Time of the bench that the calls were given, s. */
  readonly seconds: number;
  /** Share of the time of all calls that valid samples cover, 0 to 1. */
  readonly coverage: number;
  /** Samples that the estimate rests on. */
  readonly samples: number;
  /** `direct` when the calls had the bench to themselves, `apportioned` when they shared it. */
  readonly method: 'direct' | 'apportioned';
  readonly nature: 'measured' | 'apportioned' | 'simulated';
  /** By what calls that overlap divided the bench: `cpu_time` or `equal`. Absent where they shared it with none. */
  readonly weights?: 'cpu_time' | 'equal';
  readonly boundary: PowerBoundary;
  readonly source: Source;
}

/** What the calls of one operation cost together. */
export interface EnergySummary {
  /** Calls that the figures stand for: those that took time. */
  readonly calls: number;
  /** Spans run below some of its calls: its figures include theirs. */
  readonly includesParts: boolean;
  readonly roles: Readonly<Partial<Record<EnergyRole, RoleEnergySummary>>>;
}
