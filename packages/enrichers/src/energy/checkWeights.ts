import type { SpanWeights } from '@benchlab-otel/analysis';
import { type EnergyRole, energyRoles, OptionError, wordOption } from '@benchlab-otel/core';

/** It is the value of `benchlab.energy.weights` on every span that shared. */
const maxNameLength = 128;

/** Callers without types may pass anything. @throws OptionError for weights that are not weights */
export function checkWeights(weights: Readonly<Partial<Record<EnergyRole, SpanWeights>>> = {}): void {
  for (const [role, of] of Object.entries(weights)) {
    wordOption('weights', role, energyRoles);
    const { name, selfOf } = of as Partial<SpanWeights>; // callers without types
    if (typeof name !== 'string' || name.trim() === '' || name.length > maxNameLength) {
      const allowed = `a text of 1 to ${maxNameLength} characters`;
      throw new OptionError({ option: `weights.${role}.name`, value: name, allowed });
    }
    if (typeof selfOf !== 'function') {
      throw new OptionError({ option: `weights.${role}.selfOf`, value: selfOf, allowed: 'a function' });
    }
  }
}
