// Builds and runs the shop by each bundler, one line for each: the names that its series have.
import { execSync } from 'node:child_process';

const commands = {
  esbuild: 'node esbuild.mjs && node dist/shop.mjs',
  vite: 'vite build --logLevel warn && node dist/shop.js',
  webpack: 'webpack > webpack.log && node dist/shop.cjs',
  tsx: 'tsx shop.ts',
};

for (const [name, command] of Object.entries(commands)) {
  const output = execSync(command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const names = [...output.matchAll(/code_function_name="([^"]+)"/g)].map(([, each]) => each);
  console.log(`${name}: ${names.join(', ')}`);
}
