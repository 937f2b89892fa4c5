import { expect, test } from 'vitest';
import { withoutHash } from '../../scripts/lock-entries.mjs';

const integrity = 'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==';

test('entries of a registry need a hash, and those of this repository have none', () => {
  const packages = {
    '': { name: 'root' },
    'packages/core': { version: '0.1.0' },
    'node_modules/@benchlab-otel/core': { resolved: 'packages/core', link: true },
    'node_modules/whole': { version: '1.0.0', integrity },
    'node_modules/whole/node_modules/bundled': { version: '1.0.0', inBundle: true },
    'node_modules/bare': { version: '1.0.0', optional: true },
    'packages/core/node_modules/bare': { version: '2.0.0' },
    'node_modules/weak': { version: '1.0.0', integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
    'node_modules/hosted': { version: '1.0.0', integrity, resolved: 'https://registry.example/hosted-1.0.0.tgz' },
  };

  expect(withoutHash({ packages })).toEqual({
    count: 5,
    missing: ['node_modules/bare', 'packages/core/node_modules/bare', 'node_modules/weak'],
    hosts: ['node_modules/hosted'],
  });
});
