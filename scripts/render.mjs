// Runs each script that writes generated files, with the arguments of this one: with --check, none of them writes.
import { run } from './command.mjs';

const scripts = [
  'monitoring/dist/render.js',
  'monitoring/dist/contracts/render.js',
  'scripts/alerts-page.mjs',
  'scripts/licences.mjs',
  'scripts/exports-page.mjs',
  'scripts/man-page.mjs',
  'scripts/quotations.mjs',
  'scripts/probe-schemas.mjs',
];

for (const script of scripts) {
  const { code, output } = await run(process.execPath, [script, ...process.argv.slice(2)]);
  process.stdout.write(output);
  if (code !== 0) process.exitCode = 1;
}
