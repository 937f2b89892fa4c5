import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Attributes } from '@opentelemetry/api';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';

/**
 * Who emits: what was given wins over what enrichers say, and that over what the process knows of itself. Command-line
 * arguments are left out on purpose: they carry secrets.
 */
export function telemetryResource(given: Attributes, enriched: Attributes = {}): Resource {
  return defaultResource().merge(resourceFromAttributes({ ...ownAttributes(), ...enriched, ...given }));
}

/** Names: semantic conventions, resource groups service, host and process. */
function ownAttributes(): Attributes {
  return {
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    'process.pid': process.pid,
    'process.executable.name': basename(process.execPath),
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  };
}
