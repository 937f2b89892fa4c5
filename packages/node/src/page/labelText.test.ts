import { expect, it } from 'vitest';
import { labelText } from './labelText.ts';

it('labels are sorted and their values are text: words, true and false, numbers, lists', () => {
  expect(labelText({ b: true, a: 'x', d: 1.5, c: false, e: ['y', 'z'], f: 3 })).toBe(
    'a="x",b="true",c="false",d="1.5",e="[\\"y\\",\\"z\\"]",f="3"',
  );
});

it('backslashes, quotes and newlines in a value are escaped', () => {
  expect(labelText({ path: 'C:\\dir "new"\nline' })).toBe('path="C:\\\\dir \\"new\\"\\nline"');
});

it('keys that become one label are joined in the order of the keys', () => {
  expect(labelText({ x_y: 'second', 'x.y': 'first' })).toBe('x_y="first;second"');
  expect(labelText({ 'x.y': '', x_y: 'second' })).toBe('x_y="second"');
});

it('a label with an empty value is left out', () => {
  expect(labelText({ a: '', b: undefined, c: 'x' })).toBe('c="x"');
  expect(labelText({})).toBe('');
});

it('le is renamed on histograms only, and names that Prometheus reserves on all series', () => {
  expect(labelText({ le: '5', __name__: 'x', '1z': 'y' })).toBe('exported___name__="x",key_1z="y",le="5"');
  expect(labelText({ le: '5' }, {}, true)).toBe('exported_le="5"');
});

it('constant labels are added to the labels of the series', () => {
  expect(labelText({ a: 'own' }, { a: 'constant', environment: 'lab' })).toBe('a="own",environment="lab"');
});
