import { coreFamilies, joinFamilies, type SignalRegistry } from '@benchlab-otel/core';
import { presetFamilies } from '@benchlab-otel/presets';

/** Every signal of every package: the one list that dashboards, data contracts, the Weaver files and checks use. */
export const registry: SignalRegistry = joinFamilies([...presetFamilies, ...coreFamilies]);
