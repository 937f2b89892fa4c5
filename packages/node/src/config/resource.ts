import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Attributes } from '@opentelemetry/api';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';

/**
 * The resource of all signals of this process. Attributes of options and environment win over those of enrichers, and
 * these over the attributes that the process finds out about itself. Command-line arguments are left out on purpose,
 * because they may carry secrets.
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
