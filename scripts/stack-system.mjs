// What the scripts and the tests of the stack take from the system: the one list of Debian packages, with what each is for.
// `npm run stack:install` installs what is missing of it. A test gets a program or a GStreamer element through
// `systemProgram` or `gstPipeline`, which refuse what this list lacks: so a test cannot rely on what one machine happens to have.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * `part`: the name for `stack:install --only`. `group`: `scale` where only `npm run test:scale` needs it. `programs` are
 * looked up on PATH, `modules` are imported by python3, `files` are there, `elements` are looked up by gst-inspect-1.0.
 * `gst-inspect-1.0 ELEMENT` names the plug-in of an element, and `dpkg -S FILE` the package of that.
 */
export const systemPackages = [
  {
    name: 'golang-go',
    part: 'go',
    programs: ['go'],
    purpose: 'compiles the collector, Prometheus, Alertmanager, Jaeger, node_exporter, Helm, kubeconform and Compose',
  },
  { name: 'maven', part: 'kafka', group: 'scale', programs: ['mvn'], purpose: 'downloads Kafka' },
  { name: 'default-jre-headless', part: 'kafka', group: 'scale', programs: ['java'], purpose: 'runs Kafka' },
  {
    name: 'iproute2',
    part: 'network',
    group: 'scale',
    programs: ['ip'],
    purpose: 'gives a proof a network of its own, with the ports of the documents',
  },
  { name: 'python3', part: 'python', programs: ['python3'], purpose: "runs the vendor's library of the power meter" },
  {
    name: 'python3-venv',
    part: 'python',
    modules: ['venv', 'ensurepip'],
    purpose: "keeps the vendor's library in an environment of its own",
  },
  {
    name: 'build-essential',
    part: 'gcc',
    programs: ['gcc'],
    purpose: 'compiles the library that stands in for NVML (test/stack/nvml)',
  },
  {
    name: 'systemd',
    part: 'systemd',
    programs: ['systemd-analyze', 'systemd-sysusers', 'systemctl'],
    purpose: 'judges the units, and installs them into a folder',
  },
  {
    name: 'shellcheck',
    part: 'shellcheck',
    programs: ['shellcheck'],
    purpose: 'checks the scripts that hosts run',
  },
  {
    name: 'jq',
    part: 'jq',
    programs: ['jq'],
    purpose: 'reads what Grafana answers to monitoring/grafana/grafana-permissions.sh',
  },
  {
    name: 'curl',
    part: 'curl',
    programs: ['curl'],
    purpose: 'lets scripts/reload.sh and grafana-permissions.sh ask a server',
  },
  {
    name: 'openssl',
    part: 'openssl',
    programs: ['openssl'],
    purpose: 'makes certificates that are thrown away, to test TLS',
  },
  {
    name: 'chromium',
    part: 'chromium',
    programs: ['chromium'],
    purpose: 'shows the page of the dashboard, and judges its accessibility',
  },
  {
    name: 'fonts-dejavu-core',
    part: 'chromium',
    files: ['/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'],
    purpose: 'text in Chromium',
  },
  {
    name: 'frama-c-base',
    part: 'frama-c',
    programs: ['frama-c'],
    purpose: 'verifies the C that benchlab-probe cycle lowers',
  },
  {
    name: 'util-linux',
    part: 'systemd',
    programs: ['unshare', 'nsenter', 'setpriv'],
    purpose: 'gives a test mounts of its own (a disk that is full, a host to install on), and another user',
  },
  {
    name: 'bsdutils',
    part: 'terminal',
    programs: ['script'],
    purpose: 'makes a pseudo-terminal for benchlab-probe tui',
  },
  { name: 'coreutils', part: 'terminal', programs: ['stty'], purpose: 'gives that terminal another size' },
  {
    name: 'gstreamer1.0-tools',
    part: 'gstreamer',
    programs: ['gst-launch-1.0', 'gst-inspect-1.0'],
    purpose: 'runs pipelines for stage events, and looks up elements',
  },
  {
    name: 'libgstreamer1.0-0',
    part: 'gstreamer',
    elements: ['identity', 'queue', 'tee', 'fakesink', 'filesrc', 'filesink'],
    purpose: 'marks, queues, branches and ends of pipelines',
  },
  {
    name: 'gstreamer1.0-plugins-base',
    part: 'gstreamer',
    elements: ['videotestsrc', 'videoconvert', 'decodebin'],
    purpose: 'frames without a camera, and a bin that makes elements of its own',
  },
  {
    name: 'gstreamer1.0-plugins-good',
    part: 'gstreamer',
    elements: ['vp8enc', 'jpegenc', 'jpegdec', 'matroskamux', 'v4l2src'],
    purpose: 'encoders without delay, a file of frames, and cameras',
  },
  {
    name: 'gstreamer1.0-plugins-ugly',
    part: 'gstreamer',
    elements: ['x264enc'],
    purpose: 'an encoder that looks ahead and reorders frames',
  },
  {
    name: 'gstreamer1.0-plugins-bad',
    part: 'gstreamer',
    elements: ['clockselect'],
    purpose: 'a pipeline on another clock than that of this process',
  },
];

/** The packages of one part of which something is not there. */
export function missingPackages(part) {
  return systemPackages.filter((entry) => entry.part === part && !isThere(entry)).map(({ name }) => name);
}

/** The path of a program of the list. */
export function systemProgram(name) {
  const entry = systemPackages.find(({ programs = [] }) => programs.includes(name));
  if (!entry) throw notListed(`The program "${name}"`);
  const path = onPath(name);
  if (!path)
    throw new Error(
      `${name} is not installed (Debian package ${entry.name}). Run: npm run stack:install${entry.group === undefined ? '' : ` -- ${entry.group}`}`,
    );
  return path;
}

/** The arguments of gst-launch-1.0 for a pipeline whose elements are all of the list, and all there. */
export function gstPipeline(text) {
  for (const element of elementsOf(text)) {
    const entry = systemPackages.find(({ elements = [] }) => elements.includes(element));
    if (!entry) throw notListed(`The GStreamer element "${element}"`);
    if (!hasElement(element)) {
      throw new Error(
        `The GStreamer element ${element} is not there (Debian package ${entry.name}). Run: npm run stack:install`,
      );
    }
  }
  return text.split(' ');
}

/**
 * The elements that a pipeline names: the first word after its start, a `!`, a `(` or a reference such as `t.`. Words with
 * a slash are formats. Quoted values with spaces are not understood; no test has one.
 */
export function elementsOf(text) {
  const words = text.split(' ');
  const elements = new Set();
  let isFirst = true;
  for (const [index, word] of words.entries()) {
    const isBin = word.endsWith('.') && words[index + 1] === '(';
    if (isBin) elements.add(word.slice(0, -1));
    else if (isFirst && /^[a-z][a-z0-9_]*$/.test(word)) elements.add(word);
    // `( clock-id=tai videotestsrc`: the properties of a bin come before its first element.
    isFirst = isBin || /^[!(]$|\.$/.test(word) || (isFirst && word.includes('='));
  }
  return [...elements];
}

/** One line for each program and package of the list, or of a group of it: its version, and what it is for. */
export function systemReport(group) {
  return systemPackages
    .filter((entry) => entry.group === group)
    .map((entry) => {
      const parts = (entry.programs ?? []).map((program) => {
        const path = onPath(program);
        return path ? `${program} from ${originOf(path)}` : `${program} is missing`;
      });
      const own = debianVersion(entry.name);
      const found =
        parts.length > 0 ? parts.join(', ') : own ? `${entry.name} ${own}` : `${entry.name} is not installed`;
      return `${found}: ${entry.purpose}`;
    });
}

/** "Debian gcc-12 12.2.0-14" for a program of a package, else its path. */
export function originOf(path) {
  const owner = debianPackageOf(path);
  return owner ? `Debian ${owner} ${debianVersion(owner) ?? ''}`.trim() : `${path} (not of a Debian package)`;
}

/** The Debian package that brought a file. Where /lib is a link to /usr/lib, a package may have recorded either path. */
export function debianPackageOf(path) {
  for (const name of new Set([path, realpathSync(path), path.replace(/^\/usr\//, '/'), `/usr${path}`])) {
    const owner = output('dpkg-query', ['-S', name])?.match(/^([^:,\s]+)(?::[a-z0-9]+)?: /m)?.[1];
    if (owner && owner !== 'diversion') return owner;
  }
  return undefined;
}

export function debianVersion(name) {
  const text = output('dpkg-query', ['-W', '-f', '$' + '{db:Status-Status} $' + '{Version}', name]);
  return text?.match(/^installed (\S+)/)?.[1];
}

/** Every Debian system has it: the package is essential, or as important as that. */
export function isOfBaseSystem(name) {
  const text = output('dpkg-query', ['-W', '-f', '$' + '{Essential} $' + '{Priority}', name]);
  return text !== undefined && /^yes | required$/.test(text);
}

/** The file that the system starts for a name. */
export function onPath(name, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

function isThere({ programs = [], modules = [], elements = [], files = [] }) {
  return (
    files.every((file) => existsSync(file)) &&
    programs.every((program) => onPath(program)) &&
    (modules.length === 0 || output('python3', ['-c', `import ${modules.join(', ')}`]) !== undefined) &&
    elements.every(hasElement)
  );
}

/** The Debian package that brought the plug-in of a GStreamer element. */
export function debianPackageOfElement(name) {
  const file = output('gst-inspect-1.0', [name])?.match(/^ +Filename +(\/.*)$/m)?.[1];
  return file && debianPackageOf(file);
}

function hasElement(name) {
  return output('gst-inspect-1.0', ['--exists', name]) !== undefined;
}

/** What a command prints; undefined where it fails or is not there. */
function output(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout : undefined;
}

function notListed(what) {
  return new RangeError(
    `${what} is not in the list of scripts/stack-system.mjs, so a bare machine lacks it. Add the Debian package that brings it.`,
  );
}
