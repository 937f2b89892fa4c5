export type {
  AddedEnergy,
  CommonSlope,
  EnergyEstimate,
  EnergyFigure,
  NoFigure,
  NoFigureReason,
  OperationEnergy,
  WholeEnergy,
} from './energyEstimate.ts';
export { estimateEnergy } from './estimateEnergy.ts';
export type { EstimateInput, LeftOut, MeterSamples, OperationCalls } from './estimateInput.ts';
export { energyText } from './estimateText.ts';
export type { Aperture, MeterError, MeterModel, MeterPart } from './meterModel.ts';
export { type Calibration, calibratedMeter, type KnownMeter, knownMeters, meterOf, unknownMeter } from './meters.ts';
