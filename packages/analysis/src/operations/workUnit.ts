import { attribute } from '@benchlab-otel/core';
import type { ReceivedSpan } from '../signals/decodeSpans.ts';

/** What the calls of an operation produced together: 2,400 tokens, 90 frames. */
export interface WorkUnits {
  /** `token`, `frame`, `request` */
  readonly unit: string;
  readonly units: number;
}

/** A unit as a budget may name it: `J/token`. */
export const unitPattern: RegExp = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;

/**
 * The units of work that all calls of an operation state, in one unit. Undefined where one call states none, another
 * unit or an impossible number, or all together made none: the energy of a unit would be that of other calls, too.
 */
export function workUnitsOf(spans: readonly ReceivedSpan[]): WorkUnits | undefined {
  const unit = spans[0]?.attributes[attribute.energyUnit];
  if (typeof unit !== 'string' || !unitPattern.test(unit)) return undefined;
  let units = 0;
  for (const { attributes } of spans) {
    const count = attributes[attribute.energyUnits];
    if (attributes[attribute.energyUnit] !== unit || typeof count !== 'number' || !(count >= 0)) return undefined;
    units += count;
  }
  return units > 0 && Number.isFinite(units) ? { unit, units } : undefined;
}

/** The units of `unit` that the calls of an operation produced. Undefined where not all of them state that unit. */
export function unitsOf({ work }: { readonly work?: WorkUnits }, unit: string): number | undefined {
  return work?.unit === unit ? work.units : undefined;
}

/** Why an operation has no units of `unit`. */
export function withoutUnit({ work }: { readonly work?: WorkUnits }, unit: string): string {
  const state = `${attribute.energyUnit} = "${unit}" and ${attribute.energyUnits}`;
  return work === undefined
    ? `not all of its calls state ${state}`
    : `its calls state the unit "${work.unit}", not "${unit}"`;
}
