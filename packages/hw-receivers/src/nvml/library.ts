import koffi from 'koffi';
import { nvmlCode } from './codes.ts';
import { type NvmlCall, type NvmlFunction, nvmlPrototypes } from './functions.ts';

/**
 * Loads NVML. Each function is declared separately, because an old driver lacks some of them. Only the worker imports this,
 * because a call into a driver can hang.
 *
 * @throws Error when the library cannot be loaded
 */
export function loadNvml(path: string): NvmlCall {
  const library = koffi.load(path);
  const functions = new Map<NvmlFunction, (...values: unknown[]) => number>();
  for (const [name, parameters] of Object.entries(nvmlPrototypes)) {
    try {
      functions.set(name as NvmlFunction, library.func(`int ${name}(${parameters})`));
    } catch {
      // The driver is older than the function.
    }
  }
  return (name, ...values) => functions.get(name)?.(...values) ?? nvmlCode.functionNotFound;
}
