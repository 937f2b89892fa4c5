import { type Enricher, messageOf } from '@benchlab-otel/core';

/**
 * Puts `container.id` on the resource, as the detector of OpenTelemetry finds it: `@opentelemetry/resource-detector-container`,
 * which the application installs (0.8 with SDK 2, 0.9 with SDK 3). Outside of a container it adds nothing.
 *
 * @example await startTelemetry({ enrichers: [container()] });
 */
export function container(): Enricher {
  return {
    name: 'container',
    async resource() {
      const { containerDetector } = await detectorPackage();
      const { attributes = {} } = containerDetector.detect();
      const id = await attributes['container.id'];
      return typeof id === 'string' && id !== '' ? { 'container.id': id } : {};
    },
  };
}

/** With `try` next to it, bundlers accept that the package is not installed. */
async function detectorPackage() {
  try {
    return await import('@opentelemetry/resource-detector-container');
  } catch (error) {
    const [why = ''] = messageOf(error).split('\n');
    throw new Error(`${why}. npm install @opentelemetry/resource-detector-container`, { cause: error });
  }
}
