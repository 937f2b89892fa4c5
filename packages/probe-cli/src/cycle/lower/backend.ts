import type { Operator } from '../spec/pipelineSpec.ts';
import type { BackendName } from '../spec/specSchema.ts';
import type { ToolCommand } from '../tools/runTool.ts';
import type { Verifier } from '../verify/verifier.ts';

/** How operators become kernels of one kind. A kernel is a program: see `kernelText.ts` for what it reads and writes. */
export interface Backend {
  readonly name: BackendName;
  /** The program that compiles: `cc`. */
  readonly toolchain: string;
  /** It is a virtual machine that reserves more addresses than it uses, so a limit of addresses would stop it. */
  readonly reservesAddresses: boolean;
  /** Why it cannot express the operator; undefined where it can. */
  refuses(operator: Operator): string | undefined;
  /** The source of the kernel. Operators and inputs have words as names: nothing else of the specification becomes code but numbers. */
  lower(operator: Operator): string;
  /** Names of the source, and of the file that the compilation makes of it, in the folder in which it runs. */
  files(operator: string): { readonly source: string; readonly kernel: string };
  compile(files: { readonly source: string; readonly kernel: string }): ToolCommand;
  /** What verifies its sources, on hosts that have it. */
  readonly verifier?: Verifier;
  /** How the kernel runs: by the toolchain with these arguments. Undefined where the kernel is itself a program. */
  readonly runs?: (kernel: string) => ToolCommand;
}

/** What an application states as `kernel_variant`. */
export function variantOf(backend: Backend, operator: Operator): string {
  return `${backend.name}-${operator.numbers}`;
}
