// What a package-lock.json lacks.

/**
 * The entries that no registry serves, so that they have no hash: the reason for each. Every other entry must have one.
 * A dependency from git or from a file would be listed here by its name.
 */
const exceptions = [
  { isMeant: (path) => path === '', reason: 'The root of the repository.' },
  { isMeant: (_, entry) => entry.link === true, reason: 'A link to a workspace, which is in this repository.' },
  { isMeant: (path) => !path.includes('node_modules/'), reason: 'A workspace, which is in this repository.' },
  {
    isMeant: (_, entry) => entry.inBundle === true,
    reason: 'Comes inside the tarball of its parent, whose hash covers it.',
  },
];

/** The entries of a registry that have no integrity hash, those that name the host of a registry, and the number of all. */
export function withoutHash({ packages }) {
  const served = Object.entries(packages).filter(
    ([path, entry]) => !exceptions.some(({ isMeant }) => isMeant(path, entry)),
  );
  return {
    count: served.length,
    missing: served.filter(([, { integrity }]) => !/^sha(256|384|512)-/.test(integrity ?? '')).map(([path]) => path),
    hosts: served.filter(([, { resolved }]) => /^https?:/.test(resolved ?? '')).map(([path]) => path),
  };
}
