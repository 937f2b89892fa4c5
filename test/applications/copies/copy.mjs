// A library with packages of its own, as npm nests them. The API is a peer: there is one.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const scope = dirname(require.resolve('@benchlab-otel/core').replace(/\/dist\/.*/, ''));
cpSync(scope, join('library/node_modules/@benchlab-otel'), { recursive: true, dereference: true });
mkdirSync('library', { recursive: true });
writeFileSync('library/package.json', JSON.stringify({ name: 'library', type: 'module' }));
writeFileSync(
  'library/index.js',
  `import { EnricherRegistry } from '@benchlab-otel/node';
import { OptionError } from '@benchlab-otel/sdk';
import * as sdk from '@benchlab-otel/sdk';
export { EnricherRegistry, OptionError, sdk };
`,
);
