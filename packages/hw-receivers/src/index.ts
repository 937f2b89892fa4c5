export { type Advisory, advisoriesOf } from './benchlab/advisories.ts';
export { boardSettings } from './benchlab/boardSettings.ts';
export { findBoards } from './benchlab/boards.ts';
export type { BoardInfo, PortOptions } from './benchlab/connect.ts';
export {
  type CommandName,
  contractOf,
  contracts,
  type FirmwareContract,
  faultBits,
  type StructField,
  type StructLayout,
  type Variant,
} from './benchlab/contract.ts';
export type { RefusedPort } from './benchlab/discovery.ts';
export { type BoardDump, type DumpOptions, dumpBoard } from './benchlab/dump.ts';
export { type DecodedFrame, decodeFrame } from './benchlab/frame.ts';
export { connectorOf, type RailRole, roleOf } from './benchlab/rail.ts';
export { type BenchlabReceiverOptions, benchlabReceiver } from './benchlab/receiver.ts';
export type { BoardSettings } from './benchlab/settings.ts';
export type { UnpackedStruct, UnpackedValue } from './benchlab/unpack.ts';
export { type AgentReceiverOptions, agentReceiver } from './bus/agentReceiver.ts';
export { SampleBus, type SampleBusOptions } from './bus/sampleBus.ts';
export {
  type BenchModel,
  type BenchState,
  constantBench,
  type FanState,
  type RailState,
} from './emulator/bench.ts';
export { type EmulatedBoard, type EmulatorOptions, emulateBoard } from './emulator/emulateBoard.ts';
export { type LineFault, lineFaults } from './emulator/fault.ts';
export { type CpuTime, hostLoadBench } from './emulator/hostLoad.ts';
export { type HostReceiverOptions, type HostSourceName, hostReceiver } from './host/receiver.ts';
export { type NvmlReceiverOptions, nvmlReceiver } from './nvml/receiver.ts';
export { type GstStagesOptions, gstStages } from './pipeline/gstStages.ts';
export { type JsonlStagesOptions, jsonlStages } from './pipeline/jsonlStages.ts';
export { formatStageLine, stageSchema, stageSchemaVersion } from './pipeline/stageLine.ts';
export { type ReceiverOptions, receivers } from './receivers.ts';
export { agentSockets } from './transport/socketPath.ts';
