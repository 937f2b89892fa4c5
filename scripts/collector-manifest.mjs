// The versions in the manifest of the collector: one line of releases, written on every line of modules.

/** Releases of stable modules (1.N) come with those of the others (0.M), and N is M - 94: 0.158.0 and 1.64.0. */
const stableOffset = 94;

/**
 * @param {string} version as `0.158.0`
 * @returns {string} of the stable modules of the same release
 */
export function stableVersionOf(version) {
  const [, minor, patch] = parsed(version);
  return `1.${minor - stableOffset}.${patch}`;
}

/**
 * The version that all modules of a manifest have.
 * @param {string} manifest
 * @returns {string}
 */
export function versionOf(manifest) {
  const versions = new Set([...manifest.matchAll(/^ +- gomod: \S+ v(0\.\S+)$/gm)].map(([, version]) => version));
  if (versions.size !== 1)
    throw new Error(`manifest.yaml names ${versions.size} versions: ${[...versions].join(', ')}.`);
  return [...versions][0];
}

/**
 * The manifest with another version: modules, the stable ones among them, and the comments that name either.
 * @param {string} manifest
 * @param {string} version as `0.159.0`
 * @returns {string}
 */
export function manifestOf(manifest, version) {
  const present = versionOf(manifest);
  return manifest
    .replaceAll(`v${present}`, `v${checked(version)}`)
    .replaceAll(`v${stableVersionOf(present)}`, `v${stableVersionOf(version)}`);
}

/**
 * @param {string | undefined} version
 * @returns {string}
 */
export function checked(version) {
  parsed(version);
  return version;
}

/** @returns {readonly [number, number, number]} */
function parsed(version) {
  const match = /^(0)\.(\d+)\.(\d+)$/.exec(version ?? '');
  if (match === null || Number(match[2]) <= stableOffset) {
    throw new Error(
      `The version is ${JSON.stringify(version ?? '')}. Write one as 0.158.0, from 0.${stableOffset + 1}.0.`,
    );
  }
  return [0, Number(match[2]), Number(match[3])];
}

/**
 * What is different between two go.mod files, one line a module: `MODULE v1 -> v2`.
 * @param {string} before
 * @param {string} after
 * @returns {readonly string[]}
 */
export function changedModules(before, after) {
  const [old, now] = [modulesOf(before), modulesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .filter((module) => old.get(module) !== now.get(module))
    .map((module) => `${module} ${old.get(module) ?? '(new)'} -> ${now.get(module) ?? '(gone)'}`);
}

function modulesOf(goMod) {
  return new Map(
    [...goMod.matchAll(/^(?:require )?\s*(\S+\.\S+\/\S+) (v\S+)/gm)].map(([, module, version]) => [module, version]),
  );
}
