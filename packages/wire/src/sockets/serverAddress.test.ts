import { expect, it } from 'vitest';
import { isLoopback, serverAddress } from './serverAddress.ts';

it.each([
  ['unix:/run/app/events.sock', { kind: 'unix', path: '/run/app/events.sock' }],
  ['tcp:127.0.0.1:8081', { kind: 'tcp', host: '127.0.0.1', port: 8081 }],
  ['tcp:localhost:0', { kind: 'tcp', host: 'localhost', port: 0 }],
  ['tcp:[::1]:8081', { kind: 'tcp', host: '::1', port: 8081 }],
])('%s is an address', (text, address) => {
  expect(serverAddress(text)).toEqual(address);
});

it.each([
  ['unix:', 'the path of a Unix socket'],
  [`unix:/${'x'.repeat(120)}`, 'the path of a Unix socket'],
  ['tcp:8081', 'tcp:HOST:PORT'],
  ['tcp:127.0.0.1:65536', 'a port from 0 to 65535'],
  ['tcp:127.0.0.1:-1', 'a port from 0 to 65535'],
  ['tcp:bench.example:8081', 'an IP address or localhost'],
  ['tcp:::1:8081', 'an IP address or localhost'],
  ['tcp:[127.0.0.1:8081', 'an IP address or localhost'],
  ['/run/app/events.sock', 'unix:PATH'],
  ['', 'unix:PATH'],
  [undefined, 'unix:PATH'],
])('%j is refused, with what is allowed', (text, allowed) => {
  expect(() => serverAddress(text, 'address')).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', option: 'address' }),
  );
  expect(() => serverAddress(text)).toThrow(allowed);
});

it.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.0.2.1', false],
  ['127.0.0.1.example', false],
])('whether only this host reaches %s: %j', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
