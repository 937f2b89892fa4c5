// Is the committed Go module of the collector the one that its manifest describes? Compares by name and version, so it
// needs neither Go nor the builder: every component of the manifest is required by go.mod and compiled in by
// components.go or main.go, at the same version, and nothing else is compiled in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const regenerate = 'manifest.yaml says in its head how to generate the module again.';
const folder = process.argv[2] ?? fileURLToPath(new URL('../collector-config/distribution', import.meta.url));
const read = (name) => readFileSync(join(folder, name), 'utf8');
const [manifest, goMod, components, main] = ['manifest.yaml', 'go.mod', 'components.go', 'main.go'].map(read);

const wanted = pairs(manifest, /^ +- gomod: (\S+) (v\S+)$/gm);
const compiled = pairs(`${components}\n${main}`, /Type\(\): "(\S+) (v\S+)",|Scheme\(\): "(\S+) (v\S+)",/g);
const required = pairs(goMod, /^(?:require)?\s+(\S+) (v\S+)(?: \/\/ indirect)?$/gm);

const faults = [
  ...[...wanted]
    .filter((pair) => !compiled.has(pair))
    .map((pair) => `${pair} is in manifest.yaml and not compiled in.`),
  ...[...compiled]
    .filter((pair) => !wanted.has(pair))
    .map((pair) => `${pair} is compiled in and not in manifest.yaml.`),
  ...[...wanted]
    .filter((pair) => !required.has(pair))
    .map((pair) => `${pair} is in manifest.yaml and not required by go.mod.`),
  ...differing('name', main, /Command: +"(.*)"/),
  ...differing('description', main, /Description: +"(.*)"/),
  ...differing('version', main, /Version: +"(.*)"/),
  ...differing('module', goMod, /^module (\S+)$/m),
];
// A manifest that the patterns above no longer understand must not pass as an empty one.
if (wanted.size === 0) faults.push('No "- gomod: MODULE VERSION" was found in manifest.yaml.');
if (/=> *[./]/.test(goMod)) faults.push('go.mod replaces a module by a folder of one machine.');

for (const fault of faults) console.error(`collector-config/distribution: ${fault}`);
if (faults.length > 0) {
  console.error(regenerate);
  process.exitCode = 1;
} else {
  console.log(`collector-config/distribution: ${wanted.size} components as in the manifest.`);
}

function pairs(text, pattern) {
  return new Set([...text.matchAll(pattern)].map((match) => match.slice(1).filter(Boolean).join(' ')));
}

function differing(key, text, pattern) {
  const stated = manifest.match(new RegExp(`^  ${key}: (.*)$`, 'm'))?.[1];
  const generated = text.match(pattern)?.[1];
  return stated === generated ? [] : [`dist.${key} is "${stated}" in manifest.yaml and "${generated}" in the module.`];
}
