/** What a build made: its kernels, and the kernels that it was to make and did not. Format: docs/formats/kernels.md. */
export interface KernelList {
  /** The pipeline that made them. */
  readonly pipeline: string;
  /** The revision of the specification that they were made of. */
  readonly revision: string;
  /** What they run on: `linux-x64`. */
  readonly target: string;
  readonly kernels: readonly Kernel[];
  readonly missing: readonly MissingKernel[];
}

/** A kernel as an application names it: the operator, and the variant that a backend made of it. */
export interface KernelName {
  readonly name: string;
  readonly backend: string;
  /** What an application states as `kernel_variant`. */
  readonly variant: string;
}

/** A kernel that was built. */
export interface Kernel extends KernelName {
  readonly maturity?: string;
  /** Path within the bundle, with `/`. */
  readonly file: string;
  /** SHA-256 of the file, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The program that built it, and the first line of what it states as its version. */
  readonly toolchain: { readonly binary: string; readonly version?: string };
  /** The tools that verified it and found no fault. */
  readonly verifiedBy: readonly string[];
}

/** A kernel that the plan has and the build has not. */
export interface MissingKernel extends KernelName {
  readonly reason: MissingReason;
}

/** The reasons for which a kernel is missing. */
export const missingReasons = ['cannot_lower', 'missing_toolchain', 'compile_failed', 'blocked'] as const;

/** Why: the backend cannot express it, its toolchain is absent, the toolchain failed, verification blocked it. */
export type MissingReason = (typeof missingReasons)[number];
