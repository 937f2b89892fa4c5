import { type ClockAnchor, type EndedSpan, toTimeNs } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { cutText } from './cutText.ts';
import type { Origin, Origins } from './origin.ts';
import { count, epochNs, id, list, type Message, message, part } from './otlpMessage.ts';
import { decodeAttributes } from './receivedValue.ts';
import type { TextPool } from './textPool.ts';

/** A span as it was received. Its attributes, resource and scope are those of the sender. */
export interface ReceivedSpan extends EndedSpan, Origin {
  /** Its status is ERROR. */
  readonly failed: boolean;
  readonly status: SpanStatus;
  readonly events: readonly ReceivedSpanEvent[];
  readonly links: readonly ReceivedLink[];
  /** As W3C Trace Context writes it: `ot=th:c,vendor=x`. Absent where the sender states none. */
  readonly traceState?: string;
  /** Attributes, events and links that the sender or this decoder left out. */
  readonly dropped: number;
}

interface SpanStatus {
  readonly code: 'unset' | 'ok' | 'error';
  readonly message?: string;
}

interface ReceivedSpanEvent {
  readonly name: string;
  /** CLOCK_MONOTONIC of this host, ns. Undefined where the sender states none. */
  readonly timeNs: number | undefined;
  readonly attributes: Attributes;
}

interface ReceivedLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

/** The usable part of a request. */
export interface DecodedSpans {
  readonly spans: readonly ReceivedSpan[];
  /** Spans without an id, without both times, or that end before they start. */
  readonly invalid: number;
}

/** What decoders share between requests, so that equal texts and origins are kept once. */
export interface DecodeParts {
  /** Translates the sender's wall clock to CLOCK_MONOTONIC of this host. */
  readonly anchor: ClockAnchor;
  readonly texts: TextPool;
  readonly origins: Origins;
  /** The id of a span that stands for the run: what has it as its parent is a root of the program. */
  readonly runSpanId?: string;
}

/**
 * The spans of an ExportTraceServiceRequest, from protobuf or from OTLP/JSON. A span that makes no sense is counted.
 *
 * @throws TypeError when the request does not have the shape of one
 */
export function decodeSpans(request: unknown, parts: DecodeParts): DecodedSpans {
  const spans: ReceivedSpan[] = [];
  let invalid = 0;
  for (const [raw, origin] of parts.origins.items(request, 'resourceSpans', 'scopeSpans', 'spans')) {
    const span = decodeSpan(raw, origin, parts);
    if (span === undefined) invalid++;
    else spans.push(span);
  }
  return { spans, invalid };
}

/** Characters of a name that are kept. */
const maxName = 256;
/** Characters of a tracestate that are kept: those that W3C Trace Context, 3.3.1.5, asks every vendor to pass on. */
const maxTraceState = 512;
/** Events, and links, of one span that are kept: the default limits of OpenTelemetry SDKs. */
const maxParts = 128;
// StatusCode of the OTLP specification: 0 unset, 1 ok, 2 error.
const statusCodes = ['unset', 'ok', 'error'] as const;

// Many SDKs (OpenTelemetry JS among them) take the start of a span from a clock of whole milliseconds, cut off, and add
// a precise duration to it: such a span lies anywhere in the millisecond after its stated start, on average in its middle.
const millisecondNs = 1_000_000n;
const halfMillisecondNs = 500_000;

function decodeSpan(raw: Message, origin: Origin, parts: DecodeParts): ReceivedSpan | undefined {
  const { anchor, texts } = parts;
  const traceId = id(raw.traceId, 16);
  const spanId = id(raw.spanId, 8);
  const parentSpanId = id(raw.parentSpanId, 8);
  const start = epochNs(raw.startTimeUnixNano);
  const end = epochNs(raw.endTimeUnixNano);
  const status = statusOf(part(raw, 'status'));
  if (traceId === undefined || spanId === undefined || start === undefined || end === undefined) return undefined;
  if (end < start) return undefined;
  const cutOffNs = start % millisecondNs === 0n ? halfMillisecondNs : 0;
  const { attributes, dropped } = decodeAttributes(raw, texts);
  const events = decodeParts(raw, 'events', (event) => eventOf(event, parts));
  const links = decodeParts(raw, 'links', (link) => linkOf(link, parts));
  const droppedBySender =
    (count(raw.droppedAttributesCount) ?? 0) +
    (count(raw.droppedEventsCount) ?? 0) +
    (count(raw.droppedLinksCount) ?? 0);
  const span: Writable<ReceivedSpan> = {
    traceId: texts.sameTraceId(traceId),
    spanId,
    name: typeof raw.name === 'string' ? texts.same(cutText(raw.name, maxName)) : '',
    kind: spanKind(raw.kind),
    startNs: toTimeNs(anchor, start) + cutOffNs,
    endNs: toTimeNs(anchor, end) + cutOffNs,
    uncertaintyNs: anchor.uncertaintyNs + cutOffNs,
    attributes,
    failed: status.code === 'error',
    status,
    events: events.items,
    links: links.items,
    dropped: dropped + events.dropped + links.dropped + droppedBySender,
    resource: origin.resource,
    scope: origin.scope,
  };
  // Spread into the object, they would take as long as all the rest of it.
  if (parentSpanId !== undefined && parentSpanId !== parts.runSpanId) span.parentSpanId = parentSpanId;
  const { traceState } = raw;
  if (typeof traceState === 'string' && traceState !== '') {
    span.traceState = texts.same(cutText(traceState, maxTraceState));
  }
  return span;
}

type Writable<Item> = { -readonly [Key in keyof Item]: Item[Key] };

const noItems: readonly never[] = Object.freeze([]);

function decodeParts<Item>(
  raw: Message,
  field: string,
  decode: (item: Message) => Item | undefined,
): { readonly items: readonly Item[]; readonly dropped: number } {
  const all = list(raw, field);
  if (all.length === 0) return { items: noItems, dropped: 0 };
  const items = all.slice(0, maxParts).flatMap((item) => decode(message(item)) ?? []);
  return { items, dropped: all.length - items.length };
}

function eventOf(raw: Message, { anchor, texts }: DecodeParts): ReceivedSpanEvent {
  const time = epochNs(raw.timeUnixNano);
  return {
    name: typeof raw.name === 'string' ? texts.same(cutText(raw.name, maxName)) : '',
    timeNs: time === undefined ? undefined : toTimeNs(anchor, time),
    attributes: decodeAttributes(raw, texts).attributes,
  };
}

function linkOf(raw: Message, { texts }: DecodeParts): ReceivedLink | undefined {
  const traceId = id(raw.traceId, 16);
  const spanId = id(raw.spanId, 8);
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, attributes: decodeAttributes(raw, texts).attributes };
}

const unset: SpanStatus = Object.freeze({ code: 'unset' });
const ok: SpanStatus = Object.freeze({ code: 'ok' });

function statusOf({ code, message: text }: Message): SpanStatus {
  const name = statusCodes[Number(code ?? 0)] ?? 'unset';
  if (typeof text === 'string' && text !== '') return { code: name, message: text };
  return name === 'unset' ? unset : name === 'ok' ? ok : { code: name };
}

/** SpanKind counts from 1 in OTLP (0 is unspecified) and from 0 (internal) in the OpenTelemetry API. */
function spanKind(value: unknown): EndedSpan['kind'] {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 5 ? value - 1 : 0;
}
