export { baselineOf } from './inputs/baselineOf.ts';
export type { DashboardInput, InputSink } from './inputs/dashboardInput.ts';
export { factsOf, type RecordedFact } from './inputs/factsOf.ts';
export { Feed, type FeedOptions } from './inputs/feed.ts';
export { type InputAddress, inputAddress, type NamedAddress } from './inputs/inputAddress.ts';
export { type OpenInputOptions, openInput } from './inputs/openInput.ts';
export { recordedLine } from './inputs/recordedLine.ts';
export { replayInput } from './inputs/replayInput.ts';
export { loadTheme } from './themes/loadTheme.ts';
