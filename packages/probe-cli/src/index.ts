export { type Budget, type BudgetFunction, parseBudget } from './budget/budget.ts';
export { type Evidence, judge, type Verdict } from './budget/verdict.ts';
export { exitCode } from './exitCode.ts';
