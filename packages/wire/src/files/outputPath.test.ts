import {
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputPath } from './outputPath.ts';

let folder = '';
const at = (...names: readonly string[]) => join(folder, ...names);
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchlab-path-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('where an output is written', () => {
  beforeEach(() => {
    for (const path of ['home', 'data', 'disk', 'disk/data', 'disk/results']) mkdirSync(at(path));
    symlinkSync('../disk/results', at('home', 'results'));
  });

  it('is where the system would write it, also for a link with .. in a folder behind a link', () => {
    symlinkSync('../data/x.json', at('disk/results', 'x.json'));
    writeFileSync(at('home/results', 'x.json'), 'new');
    expect(outputPath(at('home/results', 'x.json')).path).toBe(at('disk/data', 'x.json'));
    expect(realpathSync(at('home/results', 'x.json'))).toBe(at('disk/data', 'x.json'));
  });

  it('starts for .. in the name from where the link before it leads', () => {
    expect(outputPath(`${at('home')}/results/../x.json`).path).toBe(at('disk', 'x.json'));
  });

  it.each([
    ['a name that is not there', ['home', 'x.json'], ['home', 'x.json']],
    ['a name in a folder that is not there', ['no', 'x.json'], ['no', 'x.json']],
    ['a folder behind a link', ['home', 'results', 'x.json'], ['disk', 'results', 'x.json']],
  ])('is right for %s', (_, given, expected) => {
    expect(outputPath(at(...given)).path).toBe(at(...expected));
  });

  it('is refused after a loop of links', () => {
    symlinkSync('loop', at('loop'));
    expect(() => outputPath(at('loop', 'x.json'))).toThrow('it leads through more than 40 links');
  });

  it('is left to the system for what is open already', () => {
    expect(outputPath('/dev/stdout').path).toMatch(/^\/proc\/(self|\d+)\/fd\/1$/);
  });
});

// Root makes the files of other users.
describe.runIf(process.getuid?.() === 0)('an output is refused (needs root)', () => {
  const stranger = 54_321;

  it('behind a link of another user among its folders', () => {
    mkdirSync(at('precious'));
    symlinkSync('precious', at('results'));
    lchownSync(at('results'), stranger, stranger);
    expect(() => outputPath(at('results', 'x.json'))).toThrow(`${at('results')} is a link of another user (uid 54321)`);
  });

  it('where another user has made the file first', () => {
    writeFileSync(at('x.json'), '');
    chownSync(at('x.json'), stranger, stranger);
    expect(() => outputPath(at('x.json'))).toThrow(`${at('x.json')} is a file of another user (uid 54321)`);
  });
});
