export { type AgentReceiverOptions, agentReceiver } from './bus/agentReceiver.ts';
export { SampleBus, type SampleBusOptions } from './bus/sampleBus.ts';
export {
  checkedEvent,
  type RuntimeContext,
  type RuntimeDiagnostics,
  type RuntimeEvent,
  type RuntimeEventName,
  type RuntimeMetrics,
} from './events/runtimeEvent.ts';
export { LineFile } from './lines/lineFile.ts';
export { LineSplitter } from './lines/lineSplitter.ts';
export { LineWriter } from './lines/lineWriter.ts';
export { PathSink } from './lines/pathSink.ts';
export { StreamSink } from './lines/streamSink.ts';
export { agentSockets } from './sockets/socketPath.ts';
export { type JsonlStagesOptions, jsonlStages } from './stages/jsonlStages.ts';
export { Rejections } from './stages/rejections.ts';
export { formatStageLine, stageSchema, stageSchemaVersion } from './stages/stageLine.ts';
