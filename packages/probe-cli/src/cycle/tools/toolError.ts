/** How a program that failed has ended. */
export type ToolFault = 'ToolExit' | 'ToolCrash' | 'ToolTimeout' | 'ToolFlood' | 'ToolStart';

/** A program that did not do its work. Its name is the kind of error on signals, its code is `error.code`. */
export class ToolError extends Error {
  /** `EXIT_1`, `SIGSEGV`, `TIMEOUT`, `FLOOD`, `ENOENT`. */
  declare readonly code: string;

  constructor(fault: ToolFault, code: string, message: string) {
    super(message);
    this.name = fault;
    this.code = code;
  }
}
