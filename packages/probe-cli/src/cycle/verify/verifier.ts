import type { ToolCommand } from '../tools/runTool.ts';
import type { Toolchain } from '../tools/toolchain.ts';
import type { Finding } from './finding.ts';

/** A program that verifies the source of kernels. */
export interface Verifier {
  /** Its name, which `verify.tool` has. */
  readonly binary: string;
  readonly reservesAddresses: boolean;
  /** @param report the file that it writes */
  command(source: string, report: string): ToolCommand;
  /** What its report states of the source. */
  finding(report: string, source: string): Finding;
}

/** One that the host has. */
export interface FoundVerifier extends Toolchain {
  readonly verifier: Verifier;
}
