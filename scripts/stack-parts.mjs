// The real servers that `npm run test:stack` runs against: where each is pinned, and where it is installed.
// Versions and hashes are those of the committed go.mod and go.sum, and nowhere else.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Git-ignored: what is installed, and the log of how. */
export const stackFolder = join(root, '.stack');

export const goParts = [
  goPart('collector', {
    module: 'collector-config/distribution',
    pin: 'go.opentelemetry.io/collector/otelcol',
    build: '.',
    binaries: ['benchlab-otelcol'],
  }),
  goPart('prometheus', {
    module: 'collector-config/stack/prometheus',
    pin: 'github.com/prometheus/prometheus',
    build: 'tool',
    binaries: ['prometheus', 'promtool'],
    // Its Go module is numbered 0.315.0 for the release 3.15.0.
    release: (version) => version.replace(/^0\.(\d)(\d\d)\./, (_, major, minor) => `${major}.${Number(minor)}.`),
    // A build from the module leaves `prometheus --version` empty.
    ldflags: (release) => `-X github.com/prometheus/common/version.Version=${release}`,
  }),
  goPart('alertmanager', {
    module: 'collector-config/stack/alertmanager',
    pin: 'github.com/prometheus/alertmanager',
    build: 'tool',
    binaries: ['alertmanager', 'amtool'],
    ldflags: (release) => `-X github.com/prometheus/common/version.Version=${release}`,
  }),
  goPart('jaeger', {
    module: 'collector-config/stack/jaeger',
    pin: 'github.com/jaegertracing/jaeger',
    build: 'tool',
    binaries: ['all-in-one'],
  }),
  goPart('node_exporter', {
    module: 'collector-config/stack/node_exporter',
    pin: 'github.com/prometheus/node_exporter',
    build: 'tool',
    binaries: ['node_exporter'],
    ldflags: (release) => `-X github.com/prometheus/common/version.Version=${release}`,
  }),
  // What many users still run (Debian 12): the rules must load there too. A module of its own: the two do not mix.
  goPart('promtool-2', {
    module: 'collector-config/stack/promtool-2',
    pin: 'github.com/prometheus/prometheus',
    build: 'tool',
    binaries: ['promtool-2'],
    release: (version) => version.replace(/^0\./, '2.'),
    ldflags: (release) => `-X github.com/prometheus/common/version.Version=${release}`,
    // The very program that is meant, and ten minutes less; where the archive has another version, Go builds it.
    deb: (release) => ({
      package: 'prometheus',
      file: 'usr/bin/promtool',
      accepts: new RegExp(`^${release.replaceAll('.', '\\.')}(?![0-9.])`),
      prints: `version ${release}`,
    }),
  }),
  // Checks what Kubernetes would be given. Its schemas are those of the Python package kubernetes-validate.
  goPart('kubeconform', {
    module: 'collector-config/stack/kubeconform',
    pin: 'github.com/yannh/kubeconform',
    build: 'tool',
    binaries: ['kubeconform'],
  }),
  goPart('helm', {
    module: 'collector-config/stack/helm',
    pin: 'helm.sh/helm/v3',
    build: 'tool',
    binaries: ['helm'],
    // A build from the module has neither its version nor the one of Kubernetes that it renders for without a cluster.
    ldflags: (release) =>
      `-X helm.sh/helm/v3/internal/version.version=v${release} -X helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1 -X helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=37`,
  }),
  // Only for `docker-compose config`: it checks the file without an engine.
  goPart('compose', {
    module: 'collector-config/stack/compose',
    pin: 'github.com/docker/compose/v2',
    build: 'tool',
    binaries: ['docker-compose'],
    ldflags: (release) => `-X github.com/docker/compose/v2/internal.Version=v${release}`,
  }),
];

/** The servers that `npm run test:scale` alone needs: `npm run stack:install -- scale`. */
export const scaleGoParts = [
  goPart('thanos', {
    module: 'collector-config/stack/thanos',
    pin: 'github.com/thanos-io/thanos',
    build: 'tool',
    binaries: ['thanos'],
    // Its labels are laid out in this way; a build without it panics at the first write to a receiver.
    tags: 'slicelabels',
    ldflags: (release) => `-X github.com/prometheus/common/version.Version=${release}`,
  }),
  goPart('kubernetes', {
    module: 'collector-config/stack/kubernetes',
    pin: 'k8s.io/kubernetes',
    build: 'tool',
    binaries: ['kube-apiserver', 'kubectl'],
    ldflags: (release) =>
      [`Version=v${release}`, 'Major=1', 'Minor=34']
        .map((each) => `-X k8s.io/component-base/version.git${each}`)
        .join(' '),
  }),
  // Speaks the protocol of S3 over a folder.
  goPart('versitygw', {
    module: 'collector-config/stack/versitygw',
    pin: 'github.com/versity/versitygw',
    build: 'tool',
    binaries: ['versitygw'],
    ldflags: (release) => `-X main.Version=v${release}`,
  }),
];

/** Kafka, as jars that Maven brings; their hashes are committed. */
export const kafkaPart = kafka();

/** The program of Debian's package, whichever version from 3.4 on the archive has. */
export const etcdPart = {
  name: 'etcd',
  binaries: ['etcd'],
  folder: join(stackFolder, 'etcd-debian'),
  deb: { package: 'etcd-server', file: 'usr/bin/etcd', accepts: /^3\.([4-9]|\d\d)\./, prints: 'etcd Version: 3.' },
};

/** Folders of JSON Schemas for kubeconform, of the oldest and the newest Kubernetes that the manifests are checked for. */
export const kubernetesVersions = ['1.30.0', '1.37.0'];
export const kubernetesSchemas = (version) =>
  join(venvPart.folder, 'schemas', `v${version}-local-strict`, '{{ .ResourceKind }}{{ .KindSuffix }}.json');

/** The Python that runs the vendor's library, and the schemas of Kubernetes. A virtual environment cannot be moved, so it has a stamp, not a key. */
export const venvPart = venv();

/** Whether a program belongs to the group `scale`. */
export function isOfScale(name) {
  return [...scaleGoParts, etcdPart].some(({ binaries }) => binaries.includes(name));
}

/** The path of an installed program, whether it is there or not: `binary('promtool')`, `binary('python')`. */
export function binary(name) {
  if (name === 'python') return venvPart.python;
  const part = [...goParts, ...scaleGoParts, etcdPart].find(({ binaries }) => binaries.includes(name));
  if (!part) throw new RangeError(`No part of the stack has a program "${name}".`);
  return join(part.folder, name);
}

/**
 * @param {string} name
 * @param {{ module: string, pin: string, build: string, binaries: string[], tags?: string, release?: (version: string) => string, ldflags?: (release: string) => string, deb?: (release: string) => object }} options
 */
function goPart(name, { module, pin, build, binaries, tags, deb, release = (version) => version, ldflags = () => '' }) {
  const folder = join(root, module);
  const goMod = readFileSync(join(folder, 'go.mod'), 'utf8');
  const pinned = goMod.match(new RegExp(`\\s${pin} v(\\S+)`))?.[1];
  if (!pinned) throw new Error(`${module}/go.mod does not require ${pin}.`);
  const version = release(pinned);
  const flags = `-s -w ${ldflags(version)}`.trim();
  // Everything that changes the result: sources, hashes of dependencies, flags, and what it is built for.
  const key = createHash('sha256').update(`${flags} ${process.platform} ${process.arch}${tags ? ` ${tags}` : ''}`);
  for (const file of readdirSync(folder).sort()) {
    if (/^go\.(mod|sum)$|\.go$/.test(file)) key.update(file).update(readFileSync(join(folder, file)));
  }
  return {
    name,
    version,
    source: folder,
    needsGo: goMod.match(/^go (\d+\.\d+)/m)?.[1] ?? '1.26',
    build,
    tags,
    deb: deb?.(version),
    ldflags: flags,
    binaries,
    folder: join(stackFolder, `${name}-${version}-${key.digest('hex').slice(0, 12)}`),
  };
}

function kafka() {
  const source = join(root, 'collector-config/stack/kafka');
  const pom = readFileSync(join(source, 'pom.xml'), 'utf8');
  const hashes = readFileSync(join(source, 'jars.sha256'), 'utf8');
  const version = pom.match(/<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([\d.]+)</)?.[1];
  if (!version) throw new Error('collector-config/stack/kafka/pom.xml does not require Kafka.');
  const key = createHash('sha256').update(pom).update(hashes).digest('hex').slice(0, 12);
  return { name: 'kafka', version, source, hashes, folder: join(stackFolder, `kafka-${version}-${key}`) };
}

function venv() {
  const requirements = join(root, 'test/stack/requirements.txt');
  const schemas = join(root, 'test/stack/kubernetes-schemas.txt');
  const folder = join(stackFolder, 'venv');
  return {
    name: 'venv',
    requirements,
    schemas,
    folder,
    python: join(folder, 'bin/python'),
    /** Written last: holds `key` once the environment is complete. */
    stamp: join(folder, '.complete'),
    key: createHash('sha256')
      .update(readFileSync(requirements))
      .update(readFileSync(schemas))
      .update(kubernetesVersions.join())
      .digest('hex'),
  };
}
