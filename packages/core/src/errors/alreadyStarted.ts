import { BenchlabError } from './benchlabError.ts';

/** The error of anything that is started twice. `what` names it: `benchlab`, `The sample bus`. */
export function alreadyStarted(what: string): BenchlabError {
  return new BenchlabError('ALREADY_STARTED', `${what} is already started.`, 'Stop it first.');
}
