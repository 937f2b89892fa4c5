import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** A folder of `fixtures/cases/KIND`: what a parser gets, and what it must make of it. */
interface Case {
  readonly name: string;
  /** The text of the file `input`. */
  readonly input: string;
  /** Compares with `expected.json`, or writes it: `npx vitest run --project unit cases -u`. */
  expectResult(result: unknown): Promise<void>;
}

/** All cases of one kind. A new case is a new folder. */
export function casesOf(kind: string): readonly Case[] {
  const folder = fileURLToPath(new URL(`../../fixtures/cases/${kind}/`, import.meta.url));
  return readdirSync(folder).map((name) => ({
    name,
    input: readFileSync(`${folder}${name}/input`, 'utf8'),
    expectResult: (result) =>
      expect(`${JSON.stringify(result, undefined, 2)}\n`).toMatchFileSnapshot(`${folder}${name}/expected.json`),
  }));
}
