export { type AlignedPair, type AlignOptions, alignedPairs, rowsInOrder } from './align/alignedRows.ts';
export { LiveAlign, type LiveAlignOptions, type LiveCounts } from './align/liveAlign.ts';
export { type PackedSession, packSession } from './archive/packSession.ts';
export { type UnpackedSession, unpackSession } from './archive/unpackSession.ts';
export { type RawBracket, rawTimes } from './clocks/rawTimes.ts';
export { timesOfDay, timesOfDayNow } from './clocks/timesOfDay.ts';
export {
  compareSessions,
  type FigureComparison,
  type Interval,
  type PairComparison,
} from './compare/compareSessions.ts';
export { type ComparedFigure, fewestFrames } from './compare/sessionFigures.ts';
export { type CapframexMeta, capframexCsv } from './exports/capframexCsv.ts';
export { type CapframexJsonMeta, capframexJson } from './exports/capframexJson.ts';
export { capframexJsonProblems } from './exports/capframexJsonProblems.ts';
export { capframexProblems } from './exports/capframexProblems.ts';
export { exportNames } from './exports/exportName.ts';
export { checkedApplication, type FrameTime } from './exports/frameLines.ts';
export { parquetFile } from './exports/parquet.ts';
export { presentmonV1 } from './exports/presentmonV1.ts';
export { seedCsv } from './exports/seedCsv.ts';
export { type TraceMeta, traceFile } from './exports/traceFile.ts';
export { parseTrace, type Trace, type TraceEvent, traceSchema } from './exports/traceSchema.ts';
export { type WatchSettings, watchedFiles } from './exports/watchedFiles.ts';
export {
  bookmarkStage,
  bookmarksOf,
  type Flow,
  type FlowStep,
  flowEndStage,
  flowSchema,
  parseFlow,
  stepStage,
} from './flow/flow.ts';
export { type FlowReport, flowReport, type StepReport } from './flow/flowReport.ts';
export type { RawSession, RefusedLines } from './folder/readRaw.ts';
export { segmentBytes } from './folder/segmentBytes.ts';
export { type OpenSegment, openSegments } from './folder/segments.ts';
export {
  formatSessionFile,
  parseSessionFile,
  type SessionClock,
  type SessionFile,
  type SessionHost,
  type SessionSource,
} from './folder/sessionFile.ts';
export { checkedSessionName, sessionName } from './folder/sessionName.ts';
export { type SessionPaths, sessionPaths } from './folder/sessionPaths.ts';
export type { ImportedFrame, ImportedFrames, ImportedPower } from './imports/frameRow.ts';
export { importedSession, type SessionFiles } from './imports/importedSession.ts';
export { importFrames } from './imports/importFrames.ts';
export { type DeliveredFile, type Delivery, deliverSession, deliveryOf } from './keep/deliverSession.ts';
export { pinSession } from './keep/pinSession.ts';
export { finishRemovals, removeSession } from './keep/removeSession.ts';
export { type Removal, type RetentionPlan, type RetentionRules, retentionPlan } from './keep/retentionPlan.ts';
export { type ListedSession, listSessions, type SessionStanding } from './keep/sessionList.ts';
export { type PairSummary, pairSummary } from './pairSummary.ts';
export { type ReadSession, readSession } from './readSession.ts';
export { type Bookmark, markSession } from './recorder/marks.ts';
export { sessionsFolder } from './recorder/openFolder.ts';
export { sessionRecorder } from './recorder/openRecorder.ts';
export type { SessionRecorderOptions } from './recorder/recorderOptions.ts';
export { type Repairs, repairSession } from './recorder/repairSession.ts';
export { type LockState, lockState } from './recorder/sessionLock.ts';
export type { ClosedSession, SessionRecorder } from './recorder/sessionRecorder.ts';
export type { OpenStream } from './recorder/streamFile.ts';
export { readSensors, type Sensors } from './sensors/readSensors.ts';
export type { SensorSeries } from './sensors/sensorSeries.ts';
export { partOfSession, type SessionPart, startOf } from './show/partOfSession.ts';
