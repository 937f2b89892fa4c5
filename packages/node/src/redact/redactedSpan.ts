import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { SpanCopy } from '../enrich/spanCopy.ts';
import type { RedactedScopes } from './redactedScopes.ts';
import type { Redactor } from './redactor.ts';

type Event = ReadableSpan['events'][number];
type Link = ReadableSpan['links'][number];

/** A copy of an ended span as it may leave the process. Its resource was redacted when it was made. */
export function redactedSpan(span: ReadableSpan, redactor: Redactor, scopes: RedactedScopes): ReadableSpan {
  const { status, events, links } = span;
  return new SpanCopy(span, {
    name: redactor.text(span.name, 'span.name'),
    attributes: redactor.attributes(span.attributes),
    status: status.message ? { ...status, message: redactor.text(status.message, 'span.status') } : status,
    events: events.length === 0 ? events : events.map((event) => redactedEvent(event, redactor)),
    links: links.length === 0 ? links : links.map((link) => redactedLink(link, redactor)),
    instrumentationScope: scopes.of(span.instrumentationScope),
  });
}

function redactedEvent(event: Event, redactor: Redactor): Event {
  const name = redactor.text(event.name, 'event.name');
  const attributes = event.attributes && redactor.attributes(event.attributes);
  if (name === event.name && attributes === event.attributes) return event;
  return { ...event, name, ...(attributes && { attributes }) };
}

function redactedLink(link: Link, redactor: Redactor): Link {
  const attributes = link.attributes && redactor.attributes(link.attributes);
  return attributes === undefined || attributes === link.attributes ? link : { ...link, attributes };
}
