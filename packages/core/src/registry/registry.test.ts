import { expect, test } from 'vitest';
import { attribute, attributes } from './attributes.ts';
import { coreFamilies } from './coreFamilies.ts';
import { joinFamilies } from './family.ts';
import * as logEvents from './logEvents.ts';
import * as metric from './metrics.ts';

const registry = joinFamilies(coreFamilies);

test('every attribute has one name in code', () => {
  expect(Object.values(attribute).sort()).toEqual(attributes.map(({ name }) => name).sort());
});

test('the name in code of an attribute is its name in camel case, without our own prefix', () => {
  expect(attribute).toMatchObject({
    hwSensorLocation: 'hw.sensor_location',
    gpuClockReason: 'benchlab.gpu.clock.reason',
    systemMemoryState: 'system.memory.state',
    pair: 'pair',
  });
});

test('every metric, log event and attribute that the package exports is in one of its families', () => {
  const sorted = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
  expect(sorted(registry.metrics)).toEqual(sorted(Object.values(metric)));
  expect(sorted(registry.logEvents)).toEqual(sorted(Object.values(logEvents)));
  expect(sorted(registry.attributes)).toEqual(sorted(attributes));
});
