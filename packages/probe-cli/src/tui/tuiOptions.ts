/** What `benchlab-probe tui` was given. */
export interface TuiCommandOptions {
  readonly input: readonly string[];
  readonly theme: string;
  /** ms */
  readonly refresh: number;
  readonly columns?: readonly string[];
  readonly baseline?: string;
  readonly kernels?: string;
  readonly record?: string;
  readonly replay?: string;
  readonly speed: number;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly plain?: boolean;
  readonly snapshot?: 'text' | 'csv';
}
