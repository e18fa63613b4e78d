export interface ConfigProblem {
  readonly field: string;
  /** Absent when the field was given nowhere. */
  readonly source?: string;
  readonly problem: string;
  readonly fix?: string;
}

/** Something in the configuration keeps the sidecar from starting; the message lists all of it, for people. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(problems.map(describe).join('\n'), options);
    this.problems = problems;
  }
}

function describe({ field, source, problem, fix }: ConfigProblem): string {
  const head = `${field}${source === undefined ? '' : ` (${source})`}: ${problem}`;
  return fix === undefined || fix === '' ? head : `${head}\n  → ${fix}`;
}
