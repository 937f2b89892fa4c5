import { expect, it } from 'vitest';
import { checkEndpoint } from './endpoint.ts';

it.each([
  'http://collector:4317',
  'https://collector',
  'HTTP://127.0.0.1:4317/',
  'collector:4317',
  '127.0.0.1:4317',
  '[::1]:4317',
  'unix:///run/collector.sock',
])('takes %s', (endpoint) => {
  expect(() => checkEndpoint('otlp', endpoint)).not.toThrow();
});

it.each([
  '',
  ' ',
  'nota',
  'collector:',
  ':4317',
  'collector:70000',
  'a b:4317',
  'http://',
  'http://:4317',
  'collector:4317/path',
  'ftp://collector:4317',
  '::1:4317',
])('refuses %j by the name of the option', (endpoint) => {
  expect(() => checkEndpoint('otlp', endpoint)).toThrow(/^otlp is ".*"\. It must be http:\/\/HOST:PORT/);
});

it('does not quote a password', () => {
  expect(() => checkEndpoint('otlp', 'ftp://user:password@collector')).toThrow(/^otlp is not allowed\. It must be/);
});
