// The packages that an installation brings, with their licences, from a lock file.

/** They let a program under Apache-2.0 depend on the package without a condition on the program itself. */
export const acceptedLicences = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];

/**
 * Follows what each of the folders needs, optional and peer dependencies that are installed included. Workspaces are not listed.
 * @param {{ packages: Record<string, any> }} lock
 * @param {readonly string[]} folders of workspaces
 * @returns {{ name: string, version: string, license: string }[]} sorted by name and version
 */
export function licencesOf({ packages }, folders) {
  const found = new Map();
  const visit = (path) => {
    const { dependencies, optionalDependencies, peerDependencies } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const place = placeOf(packages, name, path);
      // An optional peer that is not installed, or a workspace, which has its own line of folders.
      if (place === undefined || packages[place].link || found.has(place)) continue;
      const { version, license = 'not stated' } = packages[place];
      found.set(place, { name, version, license });
      visit(place);
    }
  };
  for (const folder of folders) visit(folder);
  const lines = new Map([...found.values()].map((entry) => [`${entry.name} ${entry.version}`, entry]));
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** The nearest node_modules upwards has it, as Node resolves it. */
function placeOf(packages, name, from) {
  for (let folder = from; ; folder = folder.replace(/(^|\/)[^/]*$/, '')) {
    const place = `${folder}${folder && '/'}node_modules/${name}`;
    if (place in packages) return place;
    if (folder === '') return undefined;
  }
}

/** `(MIT OR Apache-2.0)`: one of them is enough. An expression with AND, or with parentheses within, is not accepted. */
export function isAccepted(license) {
  const whole = /^\(([^()]*)\)$/.exec(license)?.[1] ?? license;
  return !/[()]/.test(whole) && whole.split(/ OR /i).some((each) => acceptedLicences.includes(each));
}
