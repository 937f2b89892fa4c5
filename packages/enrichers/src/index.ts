export { type MeterDisagreementOptions, meterDisagreement } from './energy/meterDisagreement.ts';
export { energyAttributes, type SpanEnergyOptions, spanEnergy } from './energy/spanEnergy.ts';
export { type SpanStage, type SpanStagesOptions, spanStages } from './stages/spanStages.ts';
