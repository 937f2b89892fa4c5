export { type Budget, inUnitOf, parseBudget, unitScale } from './budget/budget.ts';
export { type BudgetFunction, budgetGrammar } from './budget/functions.ts';
export { type Evidence, interval95, judge, type Verdict } from './budget/verdict.ts';
export { estimateEnergy } from './energy/estimate/estimateEnergy.ts';
export type { EstimateInput } from './energy/estimate/estimateInput.ts';
export { energyText } from './energy/estimate/estimateText.ts';
export type { MeterModel } from './energy/estimate/meterModel.ts';
export { type Calibration, calibratedMeter, knownMeters, unknownMeter } from './energy/estimate/meters.ts';
export { meanPower } from './energy/meanPower.ts';
export { type MeasurableSpan, measureSpans, meterOf } from './energy/measureSpans.ts';
export { isAveraging, meterModelOf } from './energy/meterModelOf.ts';
export { type MeterReader, meterReader } from './energy/meterReader.ts';
export { type EnergySummary as OperationEnergySummary, operationEnergies } from './energy/operationEnergies.ts';
export type { RoleMeter, RoleMeterOptions } from './energy/roleMeter.ts';
export { type RoleMeters, roleMeters } from './energy/roleMeters.ts';
export { sampleInterval } from './energy/sampleIntervals.ts';
export type { Balance } from './energy/settlement/balance.ts';
export { Settlement, type SettlementOptions } from './energy/settlement/settlement.ts';
export type { SpanAccount } from './energy/settlement/spanAccount.ts';
export type { Interval, SpanWeights } from './energy/settlement/weights.ts';
export {
  type EnergyProvenance,
  minCoverage,
  type RoleEnergy,
  type SpanEnergy,
  spanEnergyOf,
} from './energy/spanEnergy.ts';
export { type EnergySummary, type OperationEnergy, summariseEnergy } from './energy/summary.ts';
export { type OperationSummary, statedEnergy, summariseOperations } from './operations/operations.ts';
export { percentile } from './operations/percentile.ts';
export type { ReceivedLogRecord } from './signals/decodeLogs.ts';
export type { ReceivedMetricPoint } from './signals/decodeMetrics.ts';
export type { ReceivedSpan } from './signals/decodeSpans.ts';
export type { Received } from './signals/received.ts';
export type { ReceivedValue } from './signals/receivedValue.ts';
export { type SignalName, SignalStore, type SignalStoreOptions } from './signals/signalStore.ts';
export type { StagePair } from './stages/stagePair.ts';
export { StagePairs, type WantedPair } from './stages/stagePairs.ts';
export { counted, percent, seconds, significant } from './text/quantity.ts';
