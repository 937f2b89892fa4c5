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
export type { LatencyRow, Pairing } from './latencyRow.ts';
