// The form of a budget without anything else: the help of a command states it.
export { budgetGrammar } from './budget/functions.ts';
export { relativeGrammar } from './budget/relativeGrammar.ts';
