export { type AgentReceiverOptions, agentReceiver } from './bus/agentReceiver.ts';
export { SampleBus, type SampleBusOptions } from './bus/sampleBus.ts';
export { type CheckedEvent, checkedEvent } from './events/checkedEvent.ts';
export type {
  RuntimeContext,
  RuntimeDiagnostics,
  RuntimeEvent,
  RuntimeEventName,
  RuntimeMetrics,
  WrittenEvent,
} from './events/runtimeEvent.ts';
export {
  formatDroppedEvents,
  formatRuntimeEvent,
  parseRuntimeEvent,
  type RuntimeEventLine,
} from './events/runtimeEventLine.ts';
export { type OutputPath, outputPath } from './files/outputPath.ts';
export { formatKernelFile, type KernelFile, maxKernelFileBytes, parseKernelFile } from './kernels/kernelFile.ts';
export {
  type Kernel,
  type KernelList,
  type KernelName,
  type MissingKernel,
  type MissingReason,
  missingReasons,
} from './kernels/kernelList.ts';
export { LineFile } from './lines/lineFile.ts';
export { LineServer, type LineServerCounts, type LineServerOptions } from './lines/lineServer.ts';
export type { LineConsumer, LineEnd, LineRejection, LineSource } from './lines/lineSource.ts';
export { LineSplitter } from './lines/lineSplitter.ts';
export type { LineWriter, LineWriterOptions } from './lines/lineWriter.ts';
export { type ReadLinesOptions, readLines } from './lines/readLines.ts';
export { Rejections } from './lines/rejections.ts';
export { type WriteLinesOptions, writeLines } from './lines/writeLines.ts';
export { isRead, refuseMethod, send, sendText } from './pages/answers.ts';
export { isSameToken, isToken, type PageAccessOptions, type PageWords, pageToken } from './pages/pageAccess.ts';
export {
  type PageHealth,
  type PageRequest,
  PageServer,
  type PageServerOptions,
  type PageTls,
} from './pages/pageServer.ts';
export { formatSampleLine } from './samples/sampleLine.ts';
export { type SampleLine, SampleLineParser } from './samples/sampleLineParser.ts';
export {
  formatLatencyLine,
  type LatencyLine,
  type LatencyRow,
  maxLatencyLineBytes,
  type Pairing,
  parseLatencyLine,
} from './session/latencyLine.ts';
export { maxRawLineBytes, parseRawLine, type RawLine, type RawPower } from './session/rawLine.ts';
export { RawSampleEncoder, rawStream } from './session/rawSampleLine.ts';
export { type RawLineTaker, RawScanner } from './session/rawScanner.ts';
export { formatRawStage } from './session/rawStageLine.ts';
export { Connections } from './sockets/connections.ts';
export { KeptSocket, type KeptSocketOptions } from './sockets/keptSocket.ts';
export { hostName, isLoopback, type ServerAddress, serverAddress } from './sockets/serverAddress.ts';
export { agentSockets } from './sockets/socketPath.ts';
export { watchUnreadable } from './sockets/unreadableRequests.ts';
export { type JsonlStagesOptions, jsonlStages } from './stages/jsonlStages.ts';
export type { TimeTranslation, TranslatedTime } from './stages/otherClock.ts';
export { formatRecordingHeader, type RecordingHeader } from './stages/recordingHeader.ts';
export { formatStageLine, parseStageLine, type StageLine } from './stages/stageLine.ts';
export { type StageWriter, stageWriter } from './stages/stageWriter.ts';
