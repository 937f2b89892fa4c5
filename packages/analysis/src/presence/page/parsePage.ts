import { BenchlabError } from '@benchlab-otel/core';
import { counted } from '../../text/quantity.ts';
import type { ObservedSeries } from '../observed.ts';
import { guessedFormat, type PageFormat } from './pageFormat.ts';
import { type PageBounds, PageReader, type ReadPage } from './pageReader.ts';

/** How a page is read. */
export interface PageOptions {
  /** Guessed from the text unless given. */
  readonly format?: PageFormat;
  readonly bounds?: Partial<PageBounds>;
}

/** Reads a page of Prometheus' text format or of OpenMetrics, with all that is wrong with it. */
export function readPage(text: string, { format = guessedFormat(text), bounds = {} }: PageOptions = {}): ReadPage {
  const reader = new PageReader(format, bounds);
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    reader.read(text.slice(start, end));
    start = end + 1;
  }
  const hasLastLineFeed = start === text.length;
  if (!hasLastLineFeed) reader.read(text.slice(start));
  return reader.end(hasLastLineFeed);
}

/**
 * The series of a page: of Prometheus' text format, or of OpenMetrics with exemplars.
 *
 * @throws BenchlabError BAD_REPLY when a line is wrong, the page is cut short or it has too many samples; `readPage` gives
 * the lines that are right
 */
export function parsePage(text: string, options: PageOptions = {}): readonly ObservedSeries[] {
  const page = readPage(text, options);
  const trouble = pageTrouble(page);
  if (trouble === undefined) return page.series;
  throw new BenchlabError('BAD_REPLY', trouble, 'Correct the program that writes the page.');
}

/** What makes a page incomplete, in one sentence. Undefined where nothing does. */
export function pageTrouble({ problems, problemCount, droppedSamples }: ReadPage): string | undefined {
  const [first] = problems;
  if (first !== undefined) {
    const others = problemCount > 1 ? `, and ${counted(problemCount - 1, 'further mistake')}` : '';
    return `The metrics page is malformed: line ${first.line}: ${first.why}${others}.`;
  }
  return droppedSamples > 0 ? `The metrics page has ${counted(droppedSamples, 'sample')} beyond the bound.` : undefined;
}
