import { expect, test } from 'vitest';
import { debianPackageOf, debianPackageOfElement, onPath, systemPackages } from '../../scripts/stack-system.mjs';

const isDebian = onPath('dpkg-query') !== undefined;
const elements = systemPackages.flatMap(({ name, elements: all = [] }) => all.map((element) => [element, name]));

// Without it, an entry under the wrong package would pass on every machine that has both packages by chance.
test.runIf(isDebian).each(elements)('the element %s comes with the package %s', (element, name) => {
  expect(debianPackageOfElement(element)).toBe(name);
});

test.runIf(isDebian)('the programs of GStreamer come with the package of the list', () => {
  expect(debianPackageOf(onPath('gst-launch-1.0') ?? '')).toBe('gstreamer1.0-tools');
});
