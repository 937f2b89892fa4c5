import type { DashboardRule } from './rule.ts';
import { figureRules } from './rules/figures.ts';
import { formRules } from './rules/forms.ts';
import { identityRules } from './rules/identities.ts';
import { linkRules } from './rules/links.ts';
import { panelRules } from './rules/panels.ts';
import { queryRulesOfDashboards } from './rules/queries.ts';
import { targetRules } from './rules/targets.ts';
import { templateRules } from './rules/templates.ts';

/** Every rule of `lint dashboards`, in the order of the documents. */
export const dashboardRules: readonly DashboardRule[] = [
  ...templateRules,
  ...panelRules,
  ...targetRules,
  ...queryRulesOfDashboards,
  ...figureRules,
  ...identityRules,
  ...linkRules,
  ...formRules,
];
