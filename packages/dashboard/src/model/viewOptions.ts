import type { ViewWindow } from './view.ts';

/** What a face shows of the model. */
export interface ViewOptions {
  /** Absent: a minute of a live stream, and all of a recording. */
  readonly window?: ViewWindow | undefined;
  /** The series of the headline, by `seriesKey()`. Absent or unknown: the one with the most rows. */
  readonly series?: string;
  /** Only what has this text in its name, node or id, in any case. */
  readonly filter?: string;
  /** Only what is of this node. */
  readonly node?: string;
}

/** Which rows, series and nodes the options choose. */
export interface Choice {
  /** True without a node in the options. */
  isOfNode(node: string | undefined): boolean;
  /** Whether one of the texts has that of the filter, in any case. True without a filter. */
  matches(...texts: readonly string[]): boolean;
}

export function choiceOf({ node: wantedNode, filter }: ViewOptions): Choice {
  const wanted = filter?.trim().toLowerCase() ?? '';
  return {
    isOfNode: (node) => wantedNode === undefined || node === wantedNode,
    matches: (...texts) => wanted === '' || texts.some((text) => text.toLowerCase().includes(wanted)),
  };
}
