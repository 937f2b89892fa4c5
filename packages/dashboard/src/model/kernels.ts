/** What the dashboard needs of a list of kernels: docs/formats/kernels.md. */
export interface BuiltKernels {
  readonly kernels: readonly { readonly variant: string }[];
  readonly missing: readonly { readonly name: string; readonly variant: string; readonly reason: string }[];
}

/** The finding for a kernel that runs, or undefined when the build made it, or no build is known. */
export function kernelFault(variant: string, built: BuiltKernels | undefined): string | undefined {
  if (built === undefined || built.kernels.some((kernel) => kernel.variant === variant)) return undefined;
  const planned = built.missing.find((kernel) => kernel.variant === variant);
  if (planned !== undefined) return `kernel ${variant} runs, and the build did not make it: ${planned.reason}`;
  return `kernel ${variant} runs, and the build does not know it`;
}
