// Writes docs/exports.md: every export of every published package, with the first sentence of its docstring. Reads the
// declarations that the packages publish. With --check it fails when the page is stale, or an export has no docstring.
//   node scripts/exports-page.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { publishedWorkspaces, root } from './workspaces.mjs';

// TypeScript 7 has no interface for programs.
const ts = createRequire(import.meta.url)('typescript59');

const page = join(root, 'docs/exports.md');
const head = `# Exports

Every export of every package, with the first sentence of its docstring. Generated from the published declarations by \`npm run render\`.
What a package passes on from another one is described there.
`;

const entries = publishedWorkspaces().flatMap(({ folder, manifest }) =>
  Object.entries(manifest.exports)
    .filter(([, target]) => target['@benchlab-otel/source'] !== undefined)
    .map(([entry, target]) => ({
      specifier: manifest.name + entry.slice(1),
      folder,
      file: join(root, folder, target['@benchlab-otel/source'].replace('./src/', './dist/').replace(/\.ts$/, '.d.ts')),
    })),
);
const program = ts.createProgram(
  entries.map(({ file }) => file),
  { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [] },
);
const checker = program.getTypeChecker();
const undocumented = [];
const text = [head, ...entries.map(sectionOf)].join('\n');

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) fail('docs/exports.md is stale. Run: npm run render');
if (undocumented.length > 0) fail(`These exports have no docstring: ${undocumented.join(', ')}`);

function sectionOf({ specifier, folder, file }) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  const own = [];
  const passedOn = new Map();
  for (const exported of checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const owner = relative(root, symbol.declarations[0].getSourceFile().fileName).split('/').slice(0, 2).join('/');
    if (owner === folder) own.push({ name: exported.name, exported, symbol });
    else passedOn.set(owner, [...(passedOn.get(owner) ?? []), exported.name]);
  }
  const byName = (a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);
  const names = new Set(own.map(({ name }) => name));
  const rows = own
    .sort((a, b) => byName(a.name, b.name))
    .map((each) => {
      const doc = docOf(each.exported) || docOf(each.symbol) || docOfOptions(each.name, names);
      if (doc === '') undocumented.push(`${specifier} ${each.name}`);
      return `| \`${each.name}\` | ${kindOf(each.symbol)} | ${firstSentence(doc).replaceAll('|', '\\|')} |`;
    });
  const lines = [`## ${specifier}`, ''];
  if (rows.length > 0) lines.push('| export | is | |', '| --- | --- | --- |', ...rows, '');
  for (const [owner, names] of passedOn) {
    const list = names.sort(byName).map((name) => `\`${name}\``);
    lines.push(`From ${owner.replace('packages/', '@benchlab-otel/')}: ${list.join(', ')}.`, '');
  }
  return lines.join('\n');
}

function docOf(symbol) {
  const [declaration] = symbol.declarations;
  // `export * as metric from …`: the docstring is that of the line.
  const parts = ts.isNamespaceExport(declaration)
    ? ts.getJSDocCommentsAndTags(declaration.parent).map(({ comment }) => comment)
    : [ts.displayPartsToString(symbol.getDocumentationComment(checker))];
  return parts.join(' ').replaceAll(/\s+/g, ' ').trim();
}

/** `SpanEnergyOptions` are described by `spanEnergy` and by their members. */
function docOfOptions(name, names) {
  const base = /^(.+)Options$/.exec(name)?.[1] ?? '';
  const taker = [base, base.charAt(0).toLowerCase() + base.slice(1)].find((each) => names.has(each));
  return taker ? `The options of \`${taker}\`.` : '';
}

/** Up to a full stop before the next sentence: not in `e.g. a`, nor in a name such as `hw.energy`. */
function firstSentence(doc) {
  return /^.*?[^.][.!?](?= [A-Z0-9`[(]|$)/.exec(doc)?.[0] ?? doc;
}

function kindOf({ flags, valueDeclaration }) {
  if (flags & ts.SymbolFlags.Class) return 'class';
  if (flags & ts.SymbolFlags.Function) return 'function';
  if (flags & ts.SymbolFlags.ValueModule) return 'table';
  if (flags & ts.SymbolFlags.Variable) {
    const type = checker.getTypeAtLocation(valueDeclaration);
    return type.getCallSignatures().length > 0 ? 'function' : 'constant';
  }
  return 'type';
}

function fail(message) {
  console.error(message);
  process.exitCode = 1;
}
