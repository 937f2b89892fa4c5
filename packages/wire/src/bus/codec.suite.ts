import { BenchlabError } from '@benchlab-otel/core';
import { hello, reader } from './busLines.suite.ts';

export const line = (message: object): Buffer => Buffer.from(`${JSON.stringify(message)}\n`);

export function codeOf(task: () => void): string | undefined {
  try {
    task();
    return undefined;
  } catch (thrown) {
    return thrown instanceof BenchlabError ? thrown.code : `${thrown}`;
  }
}

/** A reader that has read `before`, and what the next message does to it. */
export function after(...before: object[]) {
  const { decoder, got } = reader();
  decoder.push(line(hello));
  for (const message of before) decoder.push(line(message));
  return { decoder, got, next: (message: object) => codeOf(() => decoder.push(line(message))) };
}

export const sourceLine = { kind: 'source', number: 1, id: 'A', name: 'a', simulated: false, attributes: {} };
export const sensorLine = {
  kind: 'sensor',
  number: 2,
  source: 1,
  metric: 'hw.power',
  unit: 'W',
  instrument: 'gauge',
  attributes: {},
};
export const sampleLine = { kind: 'sample', source: 1, timeNs: 5, uncertaintyNs: 1, readings: [2, 12.5] };

export function lostLine() {
  return { kind: 'lost', source: 1, timeNs: 6, error: { code: 'BOARD_LOST', what: 'It is gone.', fix: 'Plug it in.' } };
}
