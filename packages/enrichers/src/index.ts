export { MIN_COVERAGE, type RoleEnergy, type SpanEnergy } from './energy.ts';
export { type MeasurableSpan, measureSpans } from './measureSpans.ts';
export { type MeterDisagreementOptions, meterDisagreement } from './meterDisagreement.ts';
export { type Interval, type ShareSegment, sharesOf } from './shares.ts';
export { energyAttributes, type SpanEnergyOptions, spanEnergy } from './spanEnergy.ts';
export { type SpanStage, type SpanStagesOptions, spanStages } from './spanStages.ts';
export { type EnergySummary, type OperationEnergy, summariseEnergy } from './summary.ts';
