export { CollectedSamples } from './collectedSamples.ts';
export { ManualClock } from './manualClock.ts';
export {
  type SimulatedSource,
  type SimulatedSourceOptions,
  type SimulatedWatts,
  simulatedSource,
} from './simulatedSource.ts';
