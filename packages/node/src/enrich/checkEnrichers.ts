import { isObject, OptionError } from '@benchlab-otel/core';
import { checkSignals, EnricherRegistry } from './enricherRegistry.ts';

/** Enrichers come from untyped callers too. @throws OptionError that names the first that is wrong */
export function checkEnrichers(enrichers: unknown): void {
  const names = new Set<string>();
  if (!Array.isArray(enrichers)) throw new OptionError({ option: 'enrichers', value: enrichers, allowed: 'a list' });
  for (const [k, enricher] of enrichers.entries()) {
    if (!isObject(enricher) || typeof enricher.name !== 'string') {
      const allowed = 'an object with a name and the hooks of an enricher';
      throw new OptionError({ option: `enrichers[${k}]`, value: enricher, allowed });
    }
    checkSignals(`enrichers[${k}].signals`, enricher.signals);
    // Registries have the names of their functions.
    if (names.has(enricher.name) && !(enricher instanceof EnricherRegistry)) {
      const allowed = 'a name that no other enricher has';
      throw new OptionError({ option: `enrichers[${k}].name`, value: enricher.name, allowed });
    }
    names.add(enricher.name);
  }
}
