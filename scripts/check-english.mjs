// Finds words that have no right use in plain English. Reads comments and strings of programs (messages, help, titles of
// tests), and all of documents, changesets, configuration files and package.json. Not read, because the words are not ours:
//   - licences, recordings and other data: files without one of the extensions below;
//   - generated files, which name their source in the first line: what they are made from is read;
//   - english-exceptions.mjs, which quotes lines of other files;
//   - releases in CHANGELOG.md: published text stays. What comes next is in .changeset.
// An exception (english-exceptions.mjs) that matches nothing is a fault too.
//   node scripts/check-english.mjs [FOLDER [EXCEPTIONS]]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { textOfProgram } from './english-text.mjs';
import { root } from './workspaces.mjs';

/** Each with what to write instead. */
const words = new Map([
  ['told', 'reported, logged, stated'],
  ['heard', 'received'],
  ['whatever', 'any, every'],
  ['somebody', 'a caller, a user, another program'],
  ['nobody', 'no caller, no user, no program'],
  ['anew', 'again'],
  ['is none of', 'is not one of'],
  ['so long', 'the limit by its name'],
  ['so many', 'the limit by its name'],
]);
/** Between two words: a space, or the end of a line and the mark of a comment, a quotation or a list. */
const between = '(?: | ?\\r?\\n[ \\t]*(?:[*#>]|//)?[ \\t]*)';
const pattern = new RegExp(
  `\\b(?:${[...words.keys()].map((word) => word.replaceAll(' ', between)).join('|')})\\b`,
  'gi',
);

const programs = /\.[cm]?[jt]s$/;
const documents = /\.(?:md|ya?ml|py|c|sh)$|^package\.json$|\.schema\.json$|^run$/;
const skippedFile = /^scripts\/english-exceptions\.mjs$/;
const skippedFolders = /^(?:node_modules|dist|coverage)$|^\.(?!ci$|changeset$|github$)/;

const folder = process.argv[2] ?? root;
const { exceptions } = await import(
  process.argv[3] ? pathToFileURL(process.argv[3]).href : new URL('english-exceptions.mjs', import.meta.url).href
);
const unused = new Set(exceptions);
const faults = [];
for (const path of filesBelow('')) check(path);
for (const { path, text, reason } of unused) {
  faults.push(`scripts/english-exceptions.mjs: "${text}" in ${path} matches no finding. Remove it. (${reason})`);
}
for (const fault of faults) console.error(fault);
console.log(
  faults.length === 0
    ? `Plain English: nothing found (${exceptions.length} exceptions).`
    : `${faults.length} words to replace. Where a word is right, add it to scripts/english-exceptions.mjs with the reason.`,
);
process.exitCode = faults.length === 0 ? 0 : 1;

function filesBelow(path) {
  return readdirSync(join(folder, path), { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) return skippedFolders.test(entry.name) ? [] : filesBelow(below);
      const isRead = entry.isFile() && (programs.test(entry.name) || documents.test(entry.name));
      return isRead && !skippedFile.test(below) ? [below] : [];
    });
}

function check(path) {
  const source = readFileSync(join(folder, path), 'utf8');
  if (/^.*\bgenerated (?:from|by)\b/i.test(source)) return;
  let text;
  try {
    text = programs.test(path) ? textOfProgram(source) : withoutReleases(path, source);
  } catch (error) {
    faults.push(`${path}: ${error.message}`);
    return;
  }
  const lines = source.split('\n');
  for (const match of text.matchAll(pattern)) {
    const number = text.slice(0, match.index).split('\n').length;
    const line = lines[number - 1] ?? '';
    const allowed = exceptions.filter((exception) => exception.path === path && line.includes(exception.text));
    for (const exception of allowed) unused.delete(exception);
    if (allowed.length > 0) continue;
    const word = match[0].toLowerCase().replace(/[\s*#>/]+/g, ' ');
    faults.push(`${path}:${number}: "${word}" (write: ${words.get(word)}): ${line.trim()}`);
  }
}

function withoutReleases(path, source) {
  return /(?:^|\/)CHANGELOG\.md$/.test(path) ? source.replace(/^## \d+\.[\s\S]*/m, '') : source;
}
