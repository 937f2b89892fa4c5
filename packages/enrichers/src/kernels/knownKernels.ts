import { readFileSync, statSync } from 'node:fs';
import { messageOf } from '@benchlab-otel/core';
import { type KernelList, type KernelName, maxKernelFileBytes, parseKernelFile } from '@benchlab-otel/wire';

/** A list of kernels, or why there is not one. */
export type KnownKernels = { readonly list: KernelList } | { readonly reason: string };

/** Reads `kernels.json`. Never throws: an application runs without the list of its kernels, too. */
export function readKernels(path: string): KnownKernels {
  try {
    const stat = statSync(path);
    // Reading a pipe would wait without end.
    if (!stat.isFile()) return { reason: `${path} is not a file` };
    if (stat.size > maxKernelFileBytes) return { reason: `${path} has more than ${maxKernelFileBytes} bytes` };
    const file = parseKernelFile(readFileSync(path, 'utf8'));
    return 'list' in file ? file : { reason: `${path} is not a list of kernels: ${file.reason}` };
  } catch (error) {
    return { reason: `${path} cannot be read: ${messageOf(error)}` };
  }
}

/** What a list states of a kernel that is in use. */
export interface KernelState {
  readonly isListed: boolean;
  /** `name/backend` of the kernel that the plan has and the build has not. */
  readonly missing?: string;
}

/** A list, by variant: it may have ten thousand kernels. */
export class KernelIndex {
  readonly title: string;
  readonly #byVariant = new Map<string, { built: KernelName[]; missing: KernelName[] }>();

  constructor({ pipeline, revision, kernels, missing }: KernelList) {
    this.title = `${pipeline} ${revision}`;
    for (const kernel of kernels) this.#of(kernel.variant).built.push(kernel);
    for (const kernel of missing) this.#of(kernel.variant).missing.push(kernel);
  }

  /** What is not stated of the kernel, its name or backend, may be any. */
  state({ name, backend, variant }: Partial<KernelName> & Pick<KernelName, 'variant'>): KernelState {
    const fits = (each: KernelName) =>
      (name === undefined || each.name === name) && (backend === undefined || each.backend === backend);
    const { built = [], missing = [] } = this.#byVariant.get(variant) ?? {};
    if (built.some(fits)) return { isListed: true };
    const lacking = missing.find(fits);
    if (lacking === undefined) return { isListed: false };
    return { isListed: true, missing: `${lacking.name}/${lacking.backend}` };
  }

  #of(variant: string) {
    const entry = this.#byVariant.get(variant) ?? { built: [], missing: [] };
    this.#byVariant.set(variant, entry);
    return entry;
  }
}
