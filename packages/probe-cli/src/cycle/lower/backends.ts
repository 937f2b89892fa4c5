import type { BackendName } from '../spec/specSchema.ts';
import type { Backend } from './backend.ts';
import { cBackend } from './cBackend.ts';
import { javascriptBackend } from './javascriptBackend.ts';
import { pythonBackend } from './pythonBackend.ts';

/** Adding a backend is one file, one line here, and its name in `specSchema.ts`. */
export const backends: Readonly<Record<BackendName, Backend>> = {
  c: cBackend,
  javascript: javascriptBackend,
  python: pythonBackend,
};
