import { expect, test } from 'vitest';
import { contractOf } from './contract.ts';
import { connectorOf, roleOf, totaliser } from './rail.ts';

const rails = contractOf(0x11, 7)?.rails ?? [];

test('every rail has one consumer, and a wire of a connector has none', () => {
  const by = (role: string | undefined) => rails.filter((rail) => roleOf(rail) === role);
  expect(by('cpu')).toEqual(['EPS1', 'EPS2']);
  expect(by('gpu')).toEqual(['PCIE1', 'PCIE2', 'PCIE3', 'HPWR1', 'HPWR2']);
  expect(by('board')).toEqual(['ATX3V', 'ATX5V', 'ATX5VSB', 'ATX12V']);
  expect(by(undefined)).toHaveLength(12);
  expect(connectorOf('HPWR2_W6')).toBe('HPWR2');
  expect(connectorOf('HPWR2')).toBeUndefined();
});

test('totals do not wrap where 32 bits would, and keep the sign', () => {
  const total = totaliser(
    rails,
    rails.map((_, index) => index),
  );
  expect(total(new Int32Array(rails.length).fill(2_147_483_647)).system).toBe((11 * 2_147_483_647) / 1000);
  expect(total(new Int32Array(rails.length).fill(-3))).toEqual({
    system: -0.033,
    cpu: -0.006,
    gpu: -0.015,
    board: -0.012,
  });
});
