import type { LogEventDefinition } from '@benchlab-otel/core';
import { vocabulary } from './vocabulary.ts';

// Log lines that programs look for, by their key `event`. Inside a span they carry its ids.
const seed = { stability: 'stable', origin: 'seed' } as const;

const startNeeds = ['backend.name', 'toolchain.binary'] as const;
const startMay = ['operator.name', 'clause.id', 'host.kind'] as const;
export const compileStart: LogEventDefinition<typeof startNeeds, typeof startMay, typeof vocabulary> = {
  name: 'compile.start',
  level: 'info',
  description: 'A compilation begins.',
  required: startNeeds,
  optional: startMay,
  vocabulary,
  ...seed,
};

const endNeeds = ['backend.name', 'process.exit.code'] as const;
const endMay = [
  'toolchain.binary',
  'operator.name',
  'clause.id',
  'host.kind',
  'build.cache_hit',
  'toolchain.stdout.hash',
  'toolchain.stderr.hash',
  'error.type',
  'error.code',
] as const;
export const compileEnd: LogEventDefinition<typeof endNeeds, typeof endMay, typeof vocabulary> = {
  name: 'compile.end',
  level: 'info',
  description: 'A compilation has ended, well or not.',
  required: endNeeds,
  optional: endMay,
  vocabulary,
  ...seed,
};

const blockNeeds = ['verify.tool', 'verify.reason', 'provenance.id'] as const;
const blockMay = ['verify.score', 'backend.name', 'operator.name', 'clause.id'] as const;
export const verifyBlock: LogEventDefinition<typeof blockNeeds, typeof blockMay, typeof vocabulary> = {
  name: 'verify.block',
  level: 'warn',
  description: 'Verification blocked an artefact.',
  required: blockNeeds,
  optional: blockMay,
  vocabulary,
  ...seed,
};
