// How series of the bench are chosen, grouped and named in legends: the same on every dashboard.
import { attribute } from '@benchlab-otel/core';
import { legend, matching } from './selector.ts';

/** The device itself and its parts: `uid`, `uid/HPWR1`, `uid/HPWR1/W2`; not another one whose uid begins with the same letters. */
export const onBoard: string = matching(attribute.hwId, '=~', '($board)(/.*)?');
export const onGpu: string = matching(attribute.hwId, '=~', '($gpu)(/.*)?');

export const board: readonly string[] = [attribute.hwId, attribute.simulated];
export const namedBoard: readonly string[] = [attribute.hwId, attribute.hwName, attribute.simulated];
export const sensor: readonly string[] = [
  attribute.hwId,
  attribute.hwParent,
  attribute.hwSensorLocation,
  attribute.simulated,
];

// Each states in the legend what emulated hardware produced: `marked()` makes the label.
export const simulatedLegend = '{{simulated}}';
export const boardLegend: string = `${legend(attribute.hwId)}${simulatedLegend}`;
export const namedBoardLegend: string = `${legend(attribute.hwName)} ${boardLegend}`;
export const sensorLegend: string = `${legend(attribute.hwSensorLocation)} ${legend(attribute.hwParent)}${simulatedLegend}`;
