import { BenchlabError } from '@benchlab-otel/core';
import { z } from 'zod';

/** Raised when readers of the version before would read something wrong. New fields are not a reason: they are ignored. */
const sessionVersion = 1 as const;

/** What `session.json` states of a session. Version 1, docs/formats/session.md. */
export interface SessionFile {
  readonly schema: 'benchlab-otel/session';
  readonly version: typeof sessionVersion;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly openedAt: string;
  /** Absent while it is recorded, and after a crash. */
  readonly closedAt?: string | undefined;
  /** The first, one each 60 s, the last. */
  readonly clocks: readonly SessionClock[];
  readonly sources: readonly SessionSource[];
  readonly host: SessionHost;
  readonly tags: Readonly<Record<string, string>>;
  readonly comment: string;
  readonly bookmarks: readonly { readonly timeNs: number; readonly name: string }[];
  /** Times in which nothing could be written. */
  readonly holes: readonly { readonly fromNs: number; readonly toNs: number; readonly reason: string }[];
  /** Retention keeps it. */
  readonly pinned?: { readonly reason: string; readonly at: string } | undefined;
  /** Where it came from: an archive, files of another program. */
  readonly imported?: string | undefined;
}

/** One instant on both clocks of the host. */
export interface SessionClock {
  /** CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  /** ns since 1970 as a text: beyond 2^53. */
  readonly epochNs: string;
  readonly uncertaintyNs: number;
}

/** What was recorded: a device, the host, a pipeline. */
export interface SessionSource {
  readonly id: string;
  readonly name: string;
  /** `monotonic` is CLOCK_MONOTONIC. Times of another clock are translated or refused before they are aligned. */
  readonly clock: 'monotonic' | 'monotonic-raw' | 'epoch';
  readonly rateHz?: number | undefined;
  readonly simulated: boolean;
  /** Its power is that of the whole bench. Of several boards one is. */
  readonly bench?: true | undefined;
}

/** The host that was recorded. What is not known is absent. */
export interface SessionHost {
  readonly processor?: string | undefined;
  readonly memoryBytes?: number | undefined;
  readonly kernel?: string | undefined;
  readonly board?: string | undefined;
  readonly gpus?: readonly string[] | undefined;
  readonly driver?: string | undefined;
}

/**
 * Reads `session.json`. Unknown fields are ignored.
 *
 * @param path for the message
 * @throws BenchlabError BAD_REPLY with the place and the reason for what is not such a file or is of a newer version
 */
export function parseSessionFile(json: string, path: string): SessionFile {
  const read = sessionSchema().safeParse(parsed(json, path));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw wrong(path, `it is wrong${place}: ${issue?.message ?? 'unknown'}`);
}

/** As it stands in the file, for people too. */
export function formatSessionFile(session: SessionFile): string {
  return `${JSON.stringify(session, undefined, 2)}\n`;
}

function sessionSchema(): z.ZodType<SessionFile> {
  const text = z.string().max(4096);
  const timeNs = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
  const clock = z.object({ timeNs, epochNs: z.string().regex(/^\d{1,19}$/), uncertaintyNs: z.number().min(0) });
  const source = z.object({
    id: text,
    name: text,
    clock: z.enum(['monotonic', 'monotonic-raw', 'epoch']),
    rateHz: z.number().positive().optional(),
    simulated: z.boolean(),
    bench: z.literal(true).optional(),
  });
  const host = z.object({
    processor: text.optional(),
    memoryBytes: z.number().min(0).optional(),
    kernel: text.optional(),
    board: text.optional(),
    gpus: z.array(text).max(64).optional(),
    driver: text.optional(),
  });
  return z.object({
    schema: z.literal('benchlab-otel/session'),
    version: z.literal(sessionVersion),
    name: text,
    openedAt: z.iso.datetime(),
    closedAt: z.iso.datetime().optional(),
    clocks: z.array(clock).min(1).max(100_000),
    sources: z.array(source).max(1_000),
    host,
    tags: z.record(text, text),
    comment: text,
    bookmarks: z.array(z.object({ timeNs, name: text })).max(10_000),
    holes: z.array(z.object({ fromNs: timeNs, toNs: timeNs, reason: text })).max(10_000),
    pinned: z.object({ reason: text, at: z.iso.datetime() }).optional(),
    imported: text.optional(),
  });
}

function parsed(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw wrong(path, 'it is not JSON, or was cut short');
  }
}

function wrong(path: string, why: string): BenchlabError {
  const fix = 'benchlab-probe sessions repair writes what can be known from the lines of the session.';
  return new BenchlabError('BAD_REPLY', `${path} cannot be read: ${why}.`, fix);
}
