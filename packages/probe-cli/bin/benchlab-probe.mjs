#!/usr/bin/env node
// The command's entry: committed, so that npm can link it before anything is compiled.
import { existsSync } from 'node:fs';

// SIGUSR2 and SIGHUP ask the agent for something: they must not end one that starts or ends. The end of its terminal does.
if (process.argv[2] === 'agent') {
  process.on('SIGUSR2', () => undefined);
  if (!process.stdin.isTTY) process.on('SIGHUP', () => undefined);
}

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('benchlab-probe is not built: run npm run build\n');
  process.exitCode = 2;
}
