#!/usr/bin/env node
// The command's entry: committed, so that npm can link it before anything is compiled.
import { existsSync } from 'node:fs';

// SIGUSR2 and SIGHUP ask the agent for something: they must not end one that starts or ends. The end of its terminal does.
if (process.argv[2] === 'agent') {
  process.on('SIGUSR2', () => undefined);
  if (!process.stdin.isTTY) process.on('SIGHUP', () => undefined);
}

// A published package has its modules in fewer files.
if (existsSync(new URL(import.meta.resolve('#main')))) {
  await import('#main');
} else {
  process.stderr.write('benchlab-probe is not built: run npm run build\n');
  process.exitCode = 2;
}
