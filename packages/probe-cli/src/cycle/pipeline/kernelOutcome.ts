import type { KernelName, MissingReason } from '@benchlab-otel/wire';
import { type Backend, variantOf } from '../lower/backend.ts';
import type { Operator } from '../spec/pipelineSpec.ts';
import type { Toolchain } from '../tools/toolchain.ts';

/** One kernel that is to be made. */
export interface KernelPlan {
  readonly backend: Backend;
  readonly operator: Operator;
}

/** A kernel that its toolchain has built. */
export interface BuiltKernel extends KernelPlan {
  readonly source: string;
  /** Name of its file in the work folder of its backend. */
  readonly file: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly toolchain: Toolchain;
  /** Names the span that built it. */
  readonly provenance: string;
}

/** A kernel that was built and that tools have verified. */
export interface VerifiedKernel extends BuiltKernel {
  readonly verifiedBy: readonly string[];
}

/** A kernel that is not there. */
export interface FailedKernel extends KernelPlan {
  readonly reason: MissingReason;
  /** For people. */
  readonly detail: string;
}

/** `dot for c` */
export function kernelTitle({ operator, backend }: KernelPlan): string {
  return `${operator.name} for ${backend.name}`;
}

/** As the list of kernels names it. */
export function kernelNameOf({ operator, backend }: KernelPlan): KernelName {
  return { name: operator.name, backend: backend.name, variant: variantOf(backend, operator) };
}
