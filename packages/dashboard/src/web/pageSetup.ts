import type { Baseline } from '../model/baseline.ts';
import type { FlowPlan } from '../model/flowView.ts';
import type { BuiltKernels } from '../model/kernels.ts';
import type { Theme } from '../themes/theme.ts';

/** What a page needs before its stream: `GET /api/setup`. */
export interface PageSetup {
  readonly themes: readonly Theme[];
  /** The name of the theme for pages that have not chosen another. Absent: by the settings of the browser. */
  readonly theme?: string;
  readonly baselines: readonly Baseline[];
  readonly kernels?: BuiltKernels;
  /** The steps of a flow, with their texts and targets. */
  readonly flow?: FlowPlan;
}
