export {
  type Budget,
  type BudgetFunction,
  type Evidence,
  judge,
  parseBudget,
  type Verdict,
} from '@benchlab-otel/analysis';
export { exitCode } from './command/exitCode.ts';
