import { ofExpressions } from './expressions.ts';
import type { Mutant } from './mutant.ts';
import { ofPanels } from './panels.ts';
import { ofTargets } from './targets.ts';
import { ofVariables } from './variables.ts';
import { ofDashboards } from './wholeDashboards.ts';

export const mutants: readonly Mutant[] = [
  ...ofDashboards,
  ...ofVariables,
  ...ofPanels,
  ...ofExpressions,
  ...ofTargets,
];
