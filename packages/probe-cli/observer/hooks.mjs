// Runs in the loader thread of Node.js before 22.15, where hooks cannot run in the thread of the application.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

let file;

export function initialize({ folder, pid }) {
  file = join(folder, `${pid}.imports.jsonl`);
}

let reported = 0;
const maxReported = 200;

export function resolve(specifier, context, next) {
  if (specifier === 'pino' && reported < maxReported) {
    reported++;
    try {
      appendFileSync(file, `${JSON.stringify({ kind: 'import', specifier, parent: context.parentURL })}\n`);
    } catch {
      // The folder is gone: doctor has ended.
    }
  }
  return next(specifier, context);
}
