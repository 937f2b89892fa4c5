export { nearest } from '@benchlab-otel/core';
export { type Budget, inUnitOf, parseBudget, unitScale } from './budget/budget.ts';
export { type BudgetFunction, budgetGrammar } from './budget/functions.ts';
export {
  isOfEnergy,
  isRelative,
  parseRelativeBudget,
  type RelativeBudget,
  type RelativeFunction,
} from './budget/relativeBudget.ts';
export { relativeGrammar } from './budget/relativeGrammar.ts';
export { type Evidence, judge, type Verdict } from './budget/verdict.ts';
export { BudgetComparison, type ComparisonRules, type ComparisonVerdict } from './compare/budgetComparison.ts';
export { changeText, comparisonJudgement, figureText } from './compare/comparisonText.ts';
export { type DrawnOrder, PairOrder } from './compare/pairOrder.ts';
export type { RatioEstimate } from './compare/ratioInterval.ts';
export { type RunFigure, type RunFigures, runFigure } from './compare/runFigure.ts';
export type { RatioLimits } from './compare/sequentialTest.ts';
export { dividedEnergy } from './energy/dividedEnergy.ts';
export type { AddedEnergy, EnergyFigure, WholeEnergy } from './energy/estimate/energyEstimate.ts';
export { estimateEnergy } from './energy/estimate/estimateEnergy.ts';
export type { EstimateInput } from './energy/estimate/estimateInput.ts';
export { energyText, moreTimeText } from './energy/estimate/estimateText.ts';
export type { MeterModel } from './energy/estimate/meterModel.ts';
export { type Calibration, calibratedMeter, knownMeters, unknownMeter } from './energy/estimate/meters.ts';
export { studentQuantile } from './energy/estimate/studentQuantile.ts';
export type { NamedSpan } from './energy/frontier.ts';
export { type IdlePower, idleHalfWidth, idlePower, type RoleIdlePower } from './energy/idlePower.ts';
export { meanPower } from './energy/meanPower.ts';
export { type MeasurableSpan, measureSpans, meterOf } from './energy/measureSpans.ts';
export { isAveraging, meterModelOf } from './energy/meterModelOf.ts';
export { type MeterReader, meterReader } from './energy/meterReader.ts';
export { type OperationEnergiesOptions, operationEnergies } from './energy/operationEnergies.ts';
export type { EnergySummary, RoleEnergySummary } from './energy/roleEnergySummary.ts';
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
export type { Judgement } from './judgement.ts';
export { noSpanCauses } from './loss/noSpans.ts';
export { lossText, type SpanLoss, spanLoss } from './loss/spanLoss.ts';
export { type CpuTimedSpans, cpuTimedSpans } from './operations/cpuTimes.ts';
export { operationLabels, spanKindName } from './operations/operationLabels.ts';
export { type OperationSummary, summariseOperations } from './operations/operations.ts';
export { percentile } from './operations/percentile.ts';
export type { WorkUnits } from './operations/workUnit.ts';
export {
  type Expectations,
  type LogExpectation,
  type SeriesExpectation,
  type SpanExpectation,
  type SpanKindName,
  type SpanStatusName,
  seriesTypes,
  spanKinds,
  spanStatuses,
  type ValueTest,
  type ValueType,
  valueTypes,
} from './presence/expectations.ts';
export { judgeExpectations, type Lost } from './presence/judgeExpectations.ts';
export { eventOf, fieldsOf } from './presence/logAnswer.ts';
export { lossOf, type SignalLoss } from './presence/lossOf.ts';
export {
  forbids,
  type NumberTest,
  numberTestGrammar,
  numberTestPattern,
  parseNumberTest,
} from './presence/numberTest.ts';
export type { Observed, ObservedPoint, ObservedSeries, SeriesType } from './presence/observed.ts';
export { type PageFormat, pageFormatOf } from './presence/page/pageFormat.ts';
export { type PageBounds, type PageProblem, PageReader, type ReadPage } from './presence/page/pageReader.ts';
export { type PageOptions, pageTrouble, parsePage, readPage } from './presence/page/parsePage.ts';
export { provenanceFault } from './presence/provenanceProblems.ts';
export { SeriesRecorder, type SeriesRecorderOptions } from './presence/series/seriesRecorder.ts';
export { SpanTree } from './presence/spanTree.ts';
export { valueType } from './presence/valueProblems.ts';
export { type Random, seededRandom } from './random/random.ts';
export type { ReceivedLogRecord } from './signals/decodeLogs.ts';
export type { ReceivedMetricPoint } from './signals/decodeMetrics.ts';
export type { ReceivedSpan } from './signals/decodeSpans.ts';
export type { Received } from './signals/received.ts';
export type { ReceivedValue } from './signals/receivedValue.ts';
export { type SignalName, SignalStore, type SignalStoreOptions } from './signals/signalStore.ts';
export type { StagePair } from './stages/stagePair.ts';
export { StagePairs, type WantedPair } from './stages/stagePairs.ts';
export { counted, percent, seconds, significant, toHalfWidth } from './text/quantity.ts';
