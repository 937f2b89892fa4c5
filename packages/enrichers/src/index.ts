export type {
  ArtifactDraft,
  ArtifactHold,
  ArtifactPlace,
  EvidenceLine,
  StoredObject,
} from './artifacts/artifactPlace.ts';
export {
  type ArtifactStore,
  type ArtifactStoreOptions,
  artifactStore,
  type KeepOptions,
} from './artifacts/artifactStore.ts';
export type { ArtifactContent } from './artifacts/content.ts';
export type { HoldOptions } from './artifacts/evidence.ts';
export { folderArtifacts } from './artifacts/folderArtifacts.ts';
export type { Pruned } from './artifacts/retention.ts';
export { type S3ArtifactsOptions, s3Artifacts } from './artifacts/s3Artifacts.ts';
export type { StoredArtifact } from './artifacts/storeObject.ts';
export { type CpuSeconds, type CpuTime, type CpuTimeOptions, type CpuTimeState, cpuTime } from './cpu/cpuTime.ts';
export { type CpuWeightsOptions, cpuWeights } from './cpu/cpuWeights.ts';
export type { LoopClock } from './cpu/loopClock.ts';
export { type ProcessShare, type ProcessShareOptions, processShare } from './cpu/processShare.ts';
export { attributeWeights } from './energy/attributeWeights.ts';
export { type MeasuredIdle, type MeasureIdleOptions, measureIdle } from './energy/measureIdle.ts';
export { type MeterDisagreementOptions, meterDisagreement } from './energy/meterDisagreement.ts';
export { type SpanEnergyOptions, spanEnergy } from './energy/spanEnergy.ts';
export { type EnricherParts, enrichers } from './enrichers.ts';
export { type BaggageKeysOptions, baggageKeys } from './identity/baggageKeys.ts';
export { type CiOptions, ci } from './identity/ci.ts';
export { container } from './identity/container.ts';
export { type GitOptions, git } from './identity/git.ts';
export {
  type NodeTestContext,
  nodeTestCase,
  type TestCase,
  testCase,
  type VitestTask,
  vitestCase,
  withTestCase,
} from './identity/testCase.ts';
export { type KernelInUse, type KernelVariantOptions, kernelVariant, withKernel } from './kernels/kernelVariant.ts';
export { type SpanStage, type SpanStagesOptions, spanStages } from './stages/spanStages.ts';
