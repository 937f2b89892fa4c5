export { type AlignedPair, type AlignOptions, alignedPairs, rowsInOrder } from './align/alignedRows.ts';
export { type CapframexMeta, capframexCsv } from './exports/capframexCsv.ts';
export { capframexProblems } from './exports/capframexProblems.ts';
export { checkedApplication, type FrameTime } from './exports/frameLines.ts';
export { seedCsv } from './exports/seedCsv.ts';
export type { RawSession, RefusedLines } from './folder/readRaw.ts';
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
export { type PairSummary, pairSummary } from './pairSummary.ts';
export { type ReadSession, readSession } from './readSession.ts';
