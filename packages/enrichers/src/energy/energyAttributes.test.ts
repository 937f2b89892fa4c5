import type { EnergyProvenance, RoleEnergy, SpanEnergy } from '@benchlab-otel/analysis';
import { energyRoles, type Source } from '@benchlab-otel/core';
import { expect, it } from 'vitest';
import { EnergyAttributes } from './energyAttributes.ts';

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** An energy in which all that may be absent is absent at random. */
function drawn(random: () => number): SpanEnergy {
  const has = () => random() < 0.5;
  const source = (id: string): Source => ({ id, name: id, simulated: has(), attributes: {} });
  const provenance = (id: string): EnergyProvenance => ({
    source: source(id),
    boundary: 'dc_rails',
    method: has() ? 'direct' : 'apportioned',
    nature: 'measured',
    coverage: random(),
    samples: Math.floor(10 * random()),
    ...(has() && { weights: 'cpu_time' }),
  });
  const figure = (): RoleEnergy => ({
    joules: random(),
    selfJoules: random(),
    stderr: random(),
    edgeSteps: 0,
    ...(has() && { activeJoules: random() }),
    ...(has() && { meterStderr: random() }),
    ...(has() && { weights: 'equal' }),
  });
  const ofSome = <T>(of: (role: string) => T) =>
    Object.fromEntries(energyRoles.flatMap((role) => (has() ? [[role, of(role)]] : [])));
  return {
    ...provenance('board'),
    durationNs: 1e9,
    periodNs: 5e7,
    resolved: has(),
    roles: ofSome(figure),
    ...(has() && { otherMeters: ofSome(provenance) }),
  };
}

it('has no name and no value of an operation before', () => {
  const random = seeded(1);
  const attributes = new EnergyAttributes();
  for (let k = 0; k < 500; k++) {
    const energy = drawn(random);
    const alone = new EnergyAttributes().of(energy);
    // Twice: the second is written over a copy.
    expect(attributes.of(energy)).toEqual(alone);
    expect(attributes.of(energy)).toEqual(alone);
  }
});

it('gives an object that the caller may change', () => {
  const attributes = new EnergyAttributes();
  const energy = drawn(seeded(2));
  const expected = new EnergyAttributes().of(energy);
  attributes.of(energy).own = 1;
  attributes.of(energy).own = 2;
  expect(attributes.of(energy)).toEqual(expected);
});
