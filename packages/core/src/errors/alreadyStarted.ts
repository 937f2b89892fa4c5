import { BenchlabError } from './benchlabError.ts';

/** The error of everything that was started and is started again. `what` names it: `benchlab`, `The sample bus`. */
export function alreadyStarted(what: string): BenchlabError {
  return new BenchlabError('ALREADY_STARTED', `${what} is already started.`, 'Stop it first.');
}
