#!/usr/bin/env node
// The command's entry: committed, so that npm can link it before anything is compiled.
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('benchlab-probe is not built: run npm run build\n');
  process.exitCode = 2;
}
