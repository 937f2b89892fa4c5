import type { ChildExit } from './result.ts';

/** `exit code 7`, `signal SIGTERM`: how a program ended. */
export function endText({ code, signal }: ChildExit): string {
  return signal === undefined ? `exit code ${code}` : `signal ${signal}`;
}
