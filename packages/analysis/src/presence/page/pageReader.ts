import type { ObservedSeries, SeriesType } from '../observed.ts';
import { PageFamily } from './pageFamily.ts';
import { type PageFormat, typesOfFormat } from './pageFormat.ts';
import { readNamed, readSampleLine } from './sampleLine.ts';

/** A line that is wrong, and why. */
export interface PageProblem {
  /** From 1. */
  readonly line: number;
  readonly why: string;
}

/** What a page has. */
export interface ReadPage {
  readonly format: PageFormat;
  readonly series: readonly ObservedSeries[];
  /** In the order of the lines: the first 100. */
  readonly problems: readonly PageProblem[];
  /** All of them. */
  readonly problemCount: number;
  /** Samples beyond the bound: counted, and neither checked nor kept. */
  readonly droppedSamples: number;
}

/** Bounds of one page. */
export interface PageBounds {
  /** Lines with a value. A histogram has one a bucket. */
  readonly samples: number;
  /** Series of all families; a histogram with one set of labels is one. */
  readonly points: number;
}

/** A page of 500,000 lines is about 60 MB. Prometheus' own default has no bound. */
const defaults: PageBounds = { samples: 500_000, points: 100_000 };
const maxProblems = 100;
/** Characters of a line. 128 labels of 512 characters fit. */
const maxLine = 65_536;

/** Reads a page line by line. A line that is wrong is named and left out. */
export class PageReader {
  readonly #format: PageFormat;
  readonly #bounds: PageBounds;
  readonly #families = new Map<string, PageFamily>();
  readonly #problems: PageProblem[] = [];
  #current: PageFamily | undefined;
  #line = 0;
  #problemCount = 0;
  #samples = 0;
  #points = 0;
  #dropped = 0;
  #hasEnd = false;

  constructor(format: PageFormat, bounds: Partial<PageBounds> = {}) {
    this.#format = format;
    this.#bounds = { ...defaults, ...bounds };
  }

  /** @param line without its line feed */
  read(line: string): void {
    this.#line += 1;
    try {
      if (this.#hasEnd) throw new Error('it comes after # EOF');
      if (line.length > maxLine) throw new Error(`it has more than ${maxLine} characters`);
      if (line.trim() === '') this.#empty();
      else if (line.trimStart().startsWith('#')) this.#comment(line);
      else this.#sample(line);
    } catch (error) {
      this.#problem((error as Error).message); // all of them are thrown here and in what this calls
    }
  }

  /** @param hasLastLineFeed whether the last line was ended by a line feed */
  end(hasLastLineFeed = true): ReadPage {
    if (this.#format === 'openmetrics' && !this.#hasEnd) this.#problem('the page is cut short: it has no # EOF');
    else if (!hasLastLineFeed && this.#format === 'text')
      this.#problem('the page is cut short: its last line has no line feed');
    if (this.#format === 'openmetrics') this.#checkNames();
    const series = [...this.#families.values()].flatMap((family) => family.series((why) => this.#problem(why)) ?? []);
    return {
      format: this.#format,
      series,
      problems: this.#problems,
      problemCount: this.#problemCount,
      droppedSamples: this.#dropped,
    };
  }

  /** A counter `x` has the names `x`, `x_total` and `x_created`, and so on: no other family has one of them. */
  #checkNames(): void {
    const owners = new Map<string, string>();
    for (const family of this.#families.values()) {
      const taken = family.names.find((name) => owners.has(name));
      if (taken !== undefined) this.#problem(`${taken} is a name of ${family.name} and of ${owners.get(taken)}`);
      for (const name of family.names) owners.set(name, family.name);
    }
  }

  #problem(why: string): void {
    this.#problemCount += 1;
    if (this.#problems.length < maxProblems) this.#problems.push({ line: this.#line, why });
  }

  #empty(): void {
    if (this.#format === 'openmetrics') throw new Error('OpenMetrics has no empty lines');
  }

  #comment(line: string): void {
    if (this.#format === 'openmetrics' && line === '# EOF') {
      this.#hasEnd = true;
      return;
    }
    const [, keyword, text = ''] = /^\s*#\s+(TYPE|HELP|UNIT)(?=\s|$)(.*)$/s.exec(line) ?? [];
    const isUnit = keyword === 'UNIT' && this.#format === 'text';
    if (keyword !== undefined && !isUnit)
      this.#metadata(keyword as 'TYPE' | 'HELP' | 'UNIT', text); // by the pattern
    else if (this.#format === 'openmetrics')
      throw new Error('OpenMetrics has no comments but TYPE, HELP, UNIT and EOF');
  }

  #metadata(keyword: 'TYPE' | 'HELP' | 'UNIT', text: string): void {
    const { name, rest } = readNamed(text);
    const family = this.#familyNamed(name);
    if (family.stated.has(keyword)) throw new Error(`${name} has a second ${keyword}`);
    if (keyword !== 'HELP' && family.hasSamples) throw new Error(`the ${keyword} of ${name} comes after its samples`);
    if (keyword === 'TYPE') family.type = this.#typeOf(rest.trim());
    if (keyword === 'UNIT' && rest !== '') {
      if (name !== rest && !name.endsWith(`_${rest}`)) throw new Error(`${name} does not end with its unit "${rest}"`);
      family.unit = rest;
    }
    family.stated.add(keyword);
  }

  #typeOf(word: string): SeriesType {
    const types = typesOfFormat[this.#format];
    if (!types.includes(word)) throw new Error(`the type "${word.slice(0, 40)}" is not one of ${types.join(', ')}`);
    return word === 'untyped' ? 'unknown' : (word as SeriesType); // by the list
  }

  #sample(line: string): void {
    if (this.#samples >= this.#bounds.samples) {
      this.#dropped += 1;
      return;
    }
    const sample = readSampleLine(line, this.#format);
    const family = this.#familyOf(sample.name);
    const part = family.partOf(sample.name);
    if (part === undefined) throw new Error(`${sample.name} does not belong to the ${family.type} ${family.name}`);
    const isNew = family.isNew(part, sample);
    if (isNew && this.#points >= this.#bounds.points) {
      this.#dropped += 1;
      return;
    }
    family.add(part, sample);
    this.#samples += 1;
    if (isNew) this.#points += 1;
  }

  /** The family of a sample: the current one, an earlier one in the text format, or one without a TYPE. */
  #familyOf(sample: string): PageFamily {
    if (this.#current?.partOf(sample) !== undefined) return this.#current;
    if (this.#format === 'text') {
      const stems = [sample, ...['_bucket', '_sum', '_count'].flatMap((suffix) => stemOf(sample, suffix))];
      const known = stems
        .map((stem) => this.#families.get(stem))
        .find((family) => family?.partOf(sample) !== undefined);
      if (known !== undefined) return known;
    }
    return this.#familyNamed(sample);
  }

  /** Makes it the current one. In OpenMetrics, the lines of a family are together. */
  #familyNamed(name: string): PageFamily {
    if (this.#current?.name === name) return this.#current;
    const known = this.#families.get(name);
    if (known !== undefined && this.#format === 'openmetrics')
      throw new Error(`the lines of ${name} are not together: other families come between them`);
    const family = known ?? new PageFamily(name, this.#format);
    this.#families.set(name, family);
    this.#current = family;
    return family;
  }
}

function stemOf(sample: string, suffix: string): string[] {
  return sample.endsWith(suffix) ? [sample.slice(0, -suffix.length)] : [];
}
