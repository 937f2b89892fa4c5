import type { FirmwareContract } from './contract.ts';

/** A defect that the vendor has published. */
export interface Advisory {
  /** The vendor's name for it. */
  readonly id: string;
  readonly text: string;
  /** Which firmware has it, in words. */
  readonly range: string;
}

interface Published extends Advisory {
  /** The first firmware without it, by variant. Absent where no range was published: then every board may have it. */
  readonly fixedIn?: { readonly original?: number; readonly bl2?: number };
}

// The vendor's advisories as of benchlab-pycore 0.8.0, in the words of this project.
const published: readonly Published[] = [
  {
    id: 'tchip-whole-degrees',
    text: 'The chip temperature comes in whole degrees. It is read that way.',
    range: 'ORIGINAL before 3, BENCHLAB 2 before 4',
    fixedIn: { original: 3, bl2: 4 },
  },
  {
    id: 'cal-slots-inverted',
    text: 'The calibration slots have the opposite numbers: a tool for newer firmware overwrites the factory calibration.',
    range: 'ORIGINAL before 3, BENCHLAB 2 before 4',
    fixedIn: { original: 3, bl2: 4 },
  },
  {
    id: 'cal-offset-8bit',
    text: 'A calibration is written in pieces whose offset has 8 bits, which cannot reach its end.',
    range: 'BENCHLAB 2 before 7',
    fixedIn: { bl2: 7 },
  },
  {
    id: 'write-name-overrun',
    text: 'A name of more than 30 bytes is copied one byte too far. Names are limited to 30 bytes here.',
    range: 'range not published',
  },
  {
    id: 'no-error-response',
    text: 'A wrong request has no answer. Only the silence shows it, and a later STATUS where the firmware has one.',
    range: 'range not published',
  },
  {
    id: 'fan-rgb-not-persisted',
    text: 'Fan profiles and lights are lost when the board loses its power.',
    range: 'range not published',
  },
  {
    id: 'tamb-hum-zero-on-failure',
    text: 'A failed ambient sensor is reported as 0 degrees and 0 %. Both zeros together count as absent here.',
    range: 'range not published',
  },
];

/** The published defects that a board with this firmware has, or may have where no range was published. */
export function advisoriesOf({
  variant,
  firmware,
}: Pick<FirmwareContract, 'variant' | 'firmware'>): readonly Advisory[] {
  return published
    .filter(({ fixedIn }) => {
      const fixed = fixedIn?.[variant];
      return fixedIn === undefined || (fixed !== undefined && firmware < fixed);
    })
    .map(({ id, text, range }) => ({ id, text, range }));
}
