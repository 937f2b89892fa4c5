import semver from 'semver';
import { type Finding, finding, type Look, notLookedAt } from '../finding.ts';
import type { Installed, InstalledPackage, Unreadable } from './installed.ts';

const api = '@opentelemetry/api';
/** Packages that are named for one copy. */
const maxNamed = 5;

/** The API: its copies, and whether each package gets one that it can work with. */
export function apiLook(installed: Installed | Unreadable): Look {
  const ids = ['api-missing', 'api-copies', 'api-minor'] as const;
  if ('because' in installed) return notLookedAt(ids, installed.because);
  const { packages, isCut } = installed;
  const findings = [...missing(packages), ...copies(packages), ...minors(packages)];
  const cut = `there are more than ${packages.length} packages, and the others were not read`;
  return { findings, notLookedAt: isCut ? [{ ids, because: cut }] : [] };
}

/** The packages that are installed for the program, by name: does it have hardware receivers, a metrics page? */
export function has(installed: Installed | Unreadable, name: string): boolean {
  return 'packages' in installed && installed.packages.some((each) => each.name === name);
}

function missing(packages: readonly InstalledPackage[]): readonly Finding[] {
  const without = packages.filter(({ needs, gets }) => api in needs && !(api in gets));
  if (without.length === 0) return [];
  const ranges = [...new Set(without.map(({ needs }) => needs[api]))].join(' and ');
  return [
    finding(
      'api-missing',
      without
        .slice(0, maxNamed)
        .map((each) => `${titled(each)} (${each.folder}) needs ${api} ${each.needs[api]}, and finds none.`),
      `Install it next to the SDK: npm install "${api}@${ranges}".`,
    ),
  ];
}

function copies(packages: readonly InstalledPackage[]): readonly Finding[] {
  const found = packages.filter(({ name }) => name === api);
  if (found.length < 2) return [];
  const evidence = found.map((copy) => {
    const users = packages.filter(({ gets }) => gets[api] === copy.folder).map(titled);
    const more = users.length > maxNamed ? ` and ${users.length - maxNamed} more` : '';
    return `${copy.folder} is version ${copy.version}, for ${users.slice(0, maxNamed).join(', ')}${more}.`;
  });
  const versions = new Set(found.map(({ version }) => version));
  const effect =
    versions.size === 1
      ? 'They have one version, and share one registration until one of them is updated alone.'
      : 'The API refuses a registration by another version than the first, and gives a newer minor nothing.';
  return [finding('api-copies', [...evidence, effect])];
}

function minors(packages: readonly InstalledPackage[]): readonly Finding[] {
  const byFolder = new Map(packages.map((each) => [each.folder, each]));
  const wrong = packages.flatMap((each) => {
    const [range, got] = [each.needs[api], byFolder.get(each.gets[api] ?? '')];
    if (range === undefined || got === undefined) return [];
    // A range that is a path, a tag or an address states no versions.
    if (semver.validRange(range) === null || semver.valid(got.version) === null) return [];
    if (semver.satisfies(got.version, range, { includePrerelease: true })) return [];
    return [{ line: `${titled(each)} needs ${api} ${range}, and gets ${got.version} from ${got.folder}.`, range }];
  });
  if (wrong.length === 0) return [];
  const more =
    wrong.length > maxNamed ? [`${wrong.length - maxNamed} more packages get an API outside their range.`] : [];
  const ranges = [...new Set(wrong.map(({ range }) => range))];
  const fix =
    ranges.length === 1
      ? `Install an API of that range: npm install "${api}@${ranges[0]}".`
      : 'Install one API that fits all of them, or packages of one SDK line.';
  return [finding('api-minor', [...wrong.slice(0, maxNamed).map(({ line }) => line), ...more], fix)];
}

function titled({ name, version }: InstalledPackage): string {
  return `${name} ${version}`;
}
