// How `npm run test:lanes` runs tests in one lane. The root is a staged copy of what the tests need, with
// the packages as npm packs them; scripts/test-lanes.mjs makes it inside the folder whose node_modules the lane uses.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const packages = readdirSync('packages').map((name) => resolve('packages', name));

/** Tests import the modules that they test by relative path. Here that means what was compiled and packed. */
const packedModules = {
  name: 'packed-modules',
  enforce: 'pre',
  resolveId(id, importer) {
    if (!importer || !id.startsWith('.') || !id.endsWith('.ts')) return undefined;
    return packages
      .map((folder) => ({ folder, path: relative(join(folder, 'src'), resolve(dirname(importer), id)) }))
      .filter(({ path }) => !path.startsWith('..'))
      .map(({ folder, path }) => join(folder, 'dist', path.replace(/\.ts$/, '.js')))
      .find((packed) => existsSync(packed));
  },
};

/** SDK 3 has the logs API in the API itself. It does not see what a test registers with api-logs. */
const logsApi = {
  name: 'logs-api',
  enforce: 'pre',
  resolveId(id, importer) {
    return isSdk3() && id === '@opentelemetry/api-logs' ? this.resolve('@opentelemetry/api', importer) : undefined;
  },
};

/** `npm test` runs the others on SDK 2; wire and analysis know no SDK. */
const tested = isSdk3() ? ['core', 'sdk', 'node', 'enrichers', 'presets'] : ['core', 'sdk'];

function isSdk3() {
  return JSON.parse(process.env.BENCHLAB_LANE).sdk.startsWith('3.');
}

export default {
  plugins: [packedModules, logsApi],
  test: {
    include: [`packages/{${tested}}/src/**/*.test.ts`, 'packages/sdk/test/**/*.test.ts', 'test/*.test.ts'],
    // What compilers make of decorators is the same in every lane, and `npm test` has looked at it.
    exclude: ['packages/sdk/test/compilers/**'],
    // Node itself loads the packages, and resolves their API, as in an application.
    server: { deps: { external: [/\/packages\/\w+\/dist\//] } },
    testTimeout: 30_000,
  },
};
