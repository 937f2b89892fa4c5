/** A mistake in the configuration. */
export interface ConfigProblem {
  /** Where it stands: `/etc/benchlab/config.toml:3`, `BENCHLAB_SAMPLE_HZ` or `--rate`. */
  readonly at: string;
  readonly message: string;
  /** What to do, one sentence. */
  readonly fix: string;
}

export function problemText({ at, message, fix }: ConfigProblem): string {
  return `${at}: ${message} ${fix}`;
}
