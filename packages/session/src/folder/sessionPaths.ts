import { join } from 'node:path';

/** Where the parts of one session are. */
export interface SessionPaths {
  /** The folder of the session. */
  readonly folder: string;
  /** What the session is: `session.json`. */
  readonly file: string;
  /** Lines as they came: `raw/benchlab.jsonl`, `raw/telemetry.jsonl`, `raw/pipeline.jsonl`, and closed segments `….N.jsonl.gz`. */
  readonly raw: string;
  /** Rows that were made of them: `aligned/latency.jsonl`. */
  readonly aligned: string;
  /** Files for CapFrameX, one a pair of stages: `cx-export/ingress_to_encoded.csv`. */
  readonly exports: string;
  /** Held by the process that writes. */
  readonly lock: string;
}

/** The parts of the session in `folder`. Nothing is read or made. */
export function sessionPaths(folder: string): SessionPaths {
  return {
    folder,
    file: join(folder, 'session.json'),
    raw: join(folder, 'raw'),
    aligned: join(folder, 'aligned'),
    exports: join(folder, 'cx-export'),
    lock: join(folder, '.lock'),
  };
}
