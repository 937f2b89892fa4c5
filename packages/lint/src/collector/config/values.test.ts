import { expect, test } from 'vitest';
import { addressOf, isLoopback } from './address.ts';
import { expanded } from './expanded.ts';
import { goDuration } from './goDuration.ts';

test.each([
  ['plain', 'plain'],
  ['$' + '{env:A}', 'a'],
  ['$' + '{A}:1', 'a:1'],
  ['$' + '{env:B:-b}', 'b'],
  ['$' + '{env:A:-b}', 'a'],
  ['$' + '{env:B:-}', ''],
  ['$' + '{env:B}', undefined],
  ['$' + '{file:/run/x}', undefined],
])('%s in an environment with A=a is %s', (text, value) => {
  expect(expanded(text, new Map([['A', { value: 'a', at: { line: 1, column: 1 } }]]))).toBe(value);
});

test.each([
  ['0', 0],
  ['0s', 0],
  ['1h30m', 5400],
  ['1.5s', 1.5],
  ['500ms', 0.5],
  ['5', undefined],
  ['', undefined],
  ['five minutes', undefined],
])('the duration %s has %s seconds', (text, seconds) => {
  expect(goDuration(text)).toBe(seconds);
});

test.each([
  ['127.0.0.1:4317', '127.0.0.1', 4317],
  ['[::]:4317', '::', 4317],
  [':4317', '', 4317],
  ['https://store.example.com/v1/x?y', 'store.example.com', undefined],
  ['dns:///gateway:4317', 'gateway', 4317],
  ['unix:/run/otlp.sock', 'localhost', undefined],
])('the address %s has the host %s and the port %s', (text, host, port) => {
  expect(addressOf(text)).toEqual({ host, port });
});

test('a text that is not an address gives no address', () => {
  expect(['a b', '1:2:3', 'x:99999999'].map(addressOf)).toEqual([undefined, undefined, undefined]);
});

test('loopback is known by name and in both protocols', () => {
  const hosts = ['127.0.0.2', '::1', 'localhost', '0.0.0.0', '::', '', '10.0.0.1'].map((host) => ({ host, port: 1 }));

  expect(hosts.filter(isLoopback).map(({ host }) => host)).toEqual(['127.0.0.2', '::1', 'localhost']);
});
