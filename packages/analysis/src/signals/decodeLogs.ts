import { toTimeNs } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { DecodeParts } from './decodeSpans.ts';
import type { Origin } from './origin.ts';
import { count, epochNs, id, type Message } from './otlpMessage.ts';
import { decodeAttributes, decodeValue, type ReceivedValue } from './receivedValue.ts';

/** A log record as it was received. What the sender leaves out is absent. */
export interface ReceivedLogRecord extends Origin {
  /** When it happened, CLOCK_MONOTONIC of this host, ns. */
  readonly timeNs?: number;
  /** When the sender's SDK saw it, CLOCK_MONOTONIC of this host, ns. */
  readonly observedNs?: number;
  /** 1 to 24 by specification: 9 to 12 are INFO, 17 to 20 are ERROR. */
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly eventName?: string;
  readonly body?: ReceivedValue;
  readonly attributes: Attributes;
  readonly traceId?: string;
  readonly spanId?: string;
}

/**
 * The records of an ExportLogsServiceRequest, from protobuf or from OTLP/JSON. Every record is usable: all of its fields
 * may be absent by specification.
 *
 * @throws TypeError when the request does not have the shape of one
 */
export function decodeLogs(request: unknown, parts: DecodeParts): readonly ReceivedLogRecord[] {
  const items = parts.origins.items(request, 'resourceLogs', 'scopeLogs', 'logRecords');
  return Array.from(items, ([raw, origin]) => decodeRecord(raw, origin, parts));
}

function decodeRecord(raw: Message, origin: Origin, { anchor, texts }: DecodeParts): ReceivedLogRecord {
  const time = epochNs(raw.timeUnixNano);
  const observed = epochNs(raw.observedTimeUnixNano);
  const severityNumber = count(raw.severityNumber);
  const body = decodeValue(raw.body, texts);
  const traceId = id(raw.traceId, 16);
  const spanId = id(raw.spanId, 8);
  return {
    ...(time === undefined ? {} : { timeNs: toTimeNs(anchor, time) }),
    ...(observed === undefined ? {} : { observedNs: toTimeNs(anchor, observed) }),
    ...(severityNumber ? { severityNumber } : {}),
    ...(isText(raw.severityText) ? { severityText: texts.same(raw.severityText) } : {}),
    ...(isText(raw.eventName) ? { eventName: texts.same(raw.eventName) } : {}),
    ...(body === null ? {} : { body }),
    attributes: decodeAttributes(raw, texts).attributes,
    ...(traceId === undefined ? {} : { traceId: texts.same(traceId) }),
    ...(spanId === undefined ? {} : { spanId }),
    resource: origin.resource,
    scope: origin.scope,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
