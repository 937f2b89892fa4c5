import { gstLine } from './gstLine.ts';

/** What the user has asked GStreamer to log, besides what the frames are read from. */
export interface UserLog {
  readonly hasDebug: boolean;
  readonly hasTracers: boolean;
}

/** Records of the `stats` tracer (GStreamer, plugins/tracers/gststats.c). */
const stats: ReadonlySet<string> = new Set(['new-pad', 'new-element', 'buffer', 'event', 'message', 'query']);

export function userLog({ GST_DEBUG: debug = '', GST_TRACERS: tracers = '' }: NodeJS.ProcessEnv): UserLog {
  const hasTracers = tracers.split(';').some((tracer) => !['', 'stats'].includes(tracer.trim()));
  return { hasDebug: debug.trim() !== '', hasTracers };
}

/** True for a line of the log that is there because the user has set GST_DEBUG or GST_TRACERS. */
export function isOfUser(text: string, { hasDebug, hasTracers }: UserLog): boolean {
  const line = gstLine(text);
  // A further line of a message, unless it is a frame that was cut.
  if (line === undefined) return hasDebug && text !== '' && !text.includes('GST_TRACER');
  if (line.category === 'GST_TRACER') {
    const name = /^([a-z-]+)(?:\.class)?, /.exec(line.text)?.[1];
    return hasTracers && name !== undefined && !stats.has(name);
  }
  // We ask for its messages of level 5 ourselves.
  if (line.category === 'pipeline') return hasDebug && / (?:ERROR|WARN|FIXME) +pipeline /.test(text);
  return hasDebug;
}
