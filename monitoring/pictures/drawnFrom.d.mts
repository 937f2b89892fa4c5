interface Fingerprint {
  readonly dashboard: string;
  readonly data: string;
}
type Fingerprints = Readonly<Record<string, Fingerprint>>;

interface DataSet {
  readonly dataSeries: () => readonly unknown[];
  readonly dataEnd: number;
}

export function fingerprints(dataSet: DataSet): Fingerprints;
export function recorded(): Fingerprints;
export function record(names: readonly string[], today: Fingerprints): void;
export function outdated(then: Fingerprints, today: Fingerprints): readonly string[];
export function check(): Promise<number>;
